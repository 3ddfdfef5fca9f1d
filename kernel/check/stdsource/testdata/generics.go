package main

import (
	"cmp"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unique"
	"unsafe"
	"weak"
)

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%s: panic %v (%T)\n", name, r, r)
		}
	}()
	f()
}

type Config struct {
	Name string
	N    int
}

type Holder struct {
	atomic.Pointer[Config]
	other int
}

type Node[K cmp.Ordered] struct {
	key  K
	next atomic.Pointer[Node[K]]
}

type Stack[K cmp.Ordered] struct{ top atomic.Pointer[Node[K]] }

func (s *Stack[K]) Push(k K) {
	n := &Node[K]{key: k}
	for {
		old := s.top.Load()
		n.next.Store(old)
		if s.top.CompareAndSwap(old, n) {
			return
		}
	}
}

func (s *Stack[K]) All() iter.Seq[K] {
	return func(yield func(K) bool) {
		for n := s.top.Load(); n != nil; n = n.next.Load() {
			if !yield(n.key) {
				return
			}
		}
	}
}

type Level int

func (l Level) String() string { return fmt.Sprintf("L%d", int(l)) }

type Money struct{ cents int64 }

func (m *Money) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return errors.New("no string")
	}
	_, err := fmt.Sscan(s, &m.cents)
	return err
}
func (m Money) Value() (driver.Value, error) { return fmt.Sprint(m.cents, "c"), nil }

type NotFound struct{ Key string }

func (n *NotFound) Error() string { return n.Key + " not found" }

type Temporary interface {
	error
	Temporary() bool
}
type timeout struct{}

func (timeout) Error() string   { return "timeout" }
func (timeout) Temporary() bool { return true }

type custom struct{}

func (custom) Error() string { return "custom" }
func (custom) As(x any) bool {
	if p, ok := x.(**NotFound); ok {
		*p = &NotFound{"as"}
		return true
	}
	return false
}

func main() {
	var h Holder
	fmt.Println(h.Load() == nil, h.CompareAndSwap(nil, &Config{"a", 1}), *h.Load())
	load := h.Load
	old := h.Swap(&Config{"b", 2})
	fmt.Println(*old, *load(), h.Load().Name)
	fmt.Printf("%T %T %T\n", &h.Pointer, h, load)
	store := (*atomic.Pointer[Config]).Store
	store(&h.Pointer, &Config{"c", 3})
	fmt.Println(h.Load())

	var s Stack[Level]
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() { s.Push(Level(i)) })
	}
	wg.Wait()
	fmt.Println(slices.Sorted(s.All()))
	for k := range s.All() {
		_ = k
		break
	}

	var nm sql.Null[Money]
	fmt.Println(nm.Scan("125"), nm, nm.V.cents)
	fmt.Println(nm.Value())
	fmt.Println(nm.Scan(5))
	fmt.Println(nm.Scan(nil), nm.Valid)
	fmt.Println(nm.Value())
	var nl sql.Null[Level]
	fmt.Println(nl.Scan("7"), nl.V, nl.Valid)
	fmt.Println(nl.Value())
	fmt.Println(nl.Scan("x"))
	var sc sql.Scanner = &nl
	fmt.Println(sc.Scan(int64(9)), nl.V)
	fmt.Printf("%T %+v\n", nl, nl)

	u1, u2 := unique.Make(Config{"a", 1}), unique.Make(Config{strings.ToLower("A"), 1})
	fmt.Println(u1 == u2, u1.Value(), u1 == unique.Make(Config{"b", 1}))
	fmt.Printf("%T\n", u1)
	ui := unique.Make[any](3)
	fmt.Println(ui == unique.Make[any](3), ui == unique.Make[any]("3"), ui.Value())
	fmt.Println(unique.Make(struct{}{}) == unique.Make(struct{}{}))
	mu := map[unique.Handle[string]]int{unique.Make("k"): 1}
	mu[unique.Make("k")]++
	fmt.Println(len(mu), mu[unique.Make("k")])
	try("unique", func() { unique.Make[any]([]int{1}) })

	c := &Config{"weak", 1}
	w := weak.Make(c)
	fmt.Println(w.Value() == c, w == weak.Make(c), w.Value().Name)
	fmt.Printf("%T\n", w)
	mw := map[weak.Pointer[Config]]int{w: 4}
	fmt.Println(mw[weak.Make(c)])
	runtime.KeepAlive(c)

	try("cleanup", func() { runtime.AddCleanup(c, func(*Config) {}, c) })
	try("cleanup nil", func() { runtime.AddCleanup[Config](nil, func(int) {}, 1) })
	cl := runtime.AddCleanup(c, func(int) {}, 1)
	cl.Stop()

	seed := maphash.MakeSeed()
	fmt.Println(maphash.Comparable(seed, Config{"a", 1}) == maphash.Comparable(seed, Config{"a", 1}), maphash.Comparable(seed, Level(1)) == maphash.Comparable(seed, Level(2)))
	var mh maphash.Hash
	mh.SetSeed(seed)
	maphash.WriteComparable(&mh, Config{"a", 1})
	x := mh.Sum64()
	mh.Reset()
	maphash.WriteComparable(&mh, Config{"a", 1})
	fmt.Println(x == mh.Sum64())

	for range 100 {
		if n := rand.N(Level(3)); n < 0 || n > 2 {
			fmt.Println("bad", n)
		}
	}
	fmt.Printf("%T\n", rand.N(Level(3)))
	try("N", func() { rand.N(Level(0)) })

	fmt.Println(reflect.TypeFor[Config](), reflect.TypeFor[*Stack[Level]](), reflect.TypeFor[Temporary](), reflect.TypeFor[iter.Seq[Config]](), reflect.TypeFor[error]())
	fmt.Println(reflect.TypeAssert[fmt.Stringer](reflect.ValueOf(Level(3))))
	fmt.Println(reflect.TypeAssert[int](reflect.ValueOf(Level(3))))
	fmt.Println(reflect.TypeAssert[Level](reflect.ValueOf(Level(3))))
	try("assert", func() { reflect.TypeAssert[int](reflect.Value{}) })
	try("assert", func() { reflect.TypeAssert[int](reflect.ValueOf(h).Field(1)) })

	err := fmt.Errorf("a: %w", errors.Join(os.ErrNotExist, &NotFound{"k"}, timeout{}))
	nf, ok := errors.AsType[*NotFound](err)
	fmt.Println(nf, ok, nf.Key)
	tmp, ok := errors.AsType[Temporary](err)
	fmt.Println(tmp, ok, tmp.Temporary())
	_, ok = errors.AsType[custom](err)
	fmt.Println(ok)
	nf, ok = errors.AsType[*NotFound](custom{})
	fmt.Println(nf, ok)
	_, ok = errors.AsType[*NotFound](nil)
	fmt.Println(ok)

	once := sync.OnceValues(func() (Config, error) { fmt.Println("computed"); return Config{"once", 1}, nil })
	fmt.Println(once())
	fmt.Println(once())
	bad := sync.OnceValue(func() int { panic(fmt.Errorf("no: %w", timeout{})) })
	try("once", func() { bad() })
	try("once again", func() { bad() })

	k, e := hkdf.Key(sha256.New, []byte("secret"), []byte("salt"), "info", 8)
	fmt.Println(k, e)
	k, e = hkdf.Extract(sha256.New, []byte("secret"), nil)
	fmt.Println(len(k), e)
	_, e = hkdf.Expand(sha256.New, k, "x", 1<<20)
	fmt.Println(e)
	k, e = pbkdf2.Key(sha256.New, "pw", []byte("salt"), 2, 8)
	fmt.Println(k, e)

	next, stop := iter.Pull2(maps.All(map[Level]Config{1: {"x", 1}}))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	np, sp := iter.Pull(func(yield func(Level) bool) {
		defer fmt.Println("seq done")
		for i := range Level(10) {
			if !yield(i) {
				fmt.Println("stopped")
				return
			}
		}
	})
	fmt.Println(np())
	sp()
	fmt.Println(np())
	try("pull", func() {
		n, s := iter.Pull(func(yield func(int) bool) { panic("in seq") })
		defer s()
		n()
	})
	var rec func() (int, bool)
	rec, _ = iter.Pull(func(yield func(int) bool) { rec() })
	try("pull rec", func() { rec() })

	fmt.Printf("%T %T %T\n", slices.Values([]Config{}), maps.Keys(map[Level]int{}), iter.Seq2[Level, error](nil))
	m := map[string][]Config{"b": {{"x", 2}, {"x", 1}}, "a": nil}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		v := m[k]
		slices.SortStableFunc(v, func(a, b Config) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.N, b.N)) })
		fmt.Println(k, v)
	}
	for i, ch := range slices.Collect(slices.Chunk([]Level{1, 2, 3, 4, 5}, 2)) {
		fmt.Println(i, ch, cap(ch))
	}
	fmt.Println(slices.IndexFunc([]Config{{"a", 1}}, func(c Config) bool { return c.N == 1 }), slices.Max([]Level{1, 5, 2}), slices.Repeat([]Level{1, 2}, 2))
	try("chunk", func() { slices.Chunk([]int{1}, 0) })
	try("insert", func() { slices.Insert([]Level{1}, 3, 4) })
	try("delete", func() { slices.Delete([]Level{1}, 1, 0) })
	try("max", func() { slices.Max([]Level{}) })
	try("grow", func() { slices.Grow([]Level{}, -1) })
	try("repeat", func() { slices.Repeat([]Level{1}, -1) })
	ls := []Level{3, 1, 2}
	slices.Sort(ls)
	i, found := slices.BinarySearch(ls, 2)
	fmt.Println(ls, i, found, unsafe.Sizeof(ls))
	type local struct{ a, b int }
	lo := []local{{2, 1}, {1, 2}}
	slices.SortFunc(lo, func(x, y local) int { return x.a - y.a })
	fmt.Printf("%v %T %v\n", lo, lo, slices.Contains(lo, local{1, 2}))
	a := [5]int{1, 2, 3, 4, 5}
	fmt.Println(slices.Insert(a[:2:5], 1, a[1:4]...), a)
	fmt.Println(slices.Replace(a[:4], 1, 2, a[2:5]...), a)
	fmt.Println(slices.Compact([]string{"a", "a", "b"}), slices.Equal([]float64{1}, []float64{1}), maps.Clone(map[float64]int(nil)) == nil)
}
