package maphash

import "chanbook/rt"

func Comparable[T comparable](seed Seed, v T) uint64 { return rt.HashComparable(seed, v) }

func WriteComparable[T comparable](h *Hash, x T) { rt.WriteComparable(h, x) }
