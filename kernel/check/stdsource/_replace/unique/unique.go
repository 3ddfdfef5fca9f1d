package unique

import "chanbook/rt"

func Make[T comparable](value T) Handle[T] { return Handle[T]{value: (*T)(rt.UniqueMake(&value))} }

func (h Handle[T]) Value() T { return *h.value }
