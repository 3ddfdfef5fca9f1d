package iter

import "chanbook/rt"

// The native coroutine hands over control, the variables hand over the values.

func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	var v V
	more, stop := rt.Pull(func(yield func() bool) {
		seq(func(v1 V) bool {
			v = v1
			return yield()
		})
	})
	next = func() (v1 V, ok bool) {
		if more() {
			var zero V
			v1, v = v, zero
			return v1, true
		}
		return v1, false
	}
	return next, stop
}

func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	var k K
	var v V
	more, stop := rt.Pull2(func(yield func() bool) {
		seq(func(k1 K, v1 V) bool {
			k, v = k1, v1
			return yield()
		})
	})
	next = func() (k1 K, v1 V, ok bool) {
		if more() {
			var zeroK K
			var zeroV V
			k1, k, v1, v = k, zeroK, v, zeroV
			return k1, v1, true
		}
		return k1, v1, false
	}
	return next, stop
}
