package reflect

func TypeFor[T any]() Type { return TypeOf((*T)(nil)).Elem() }

func TypeAssert[T any](v Value) (T, bool) {
	if !v.IsValid() {
		panic(&ValueError{Method: "reflect.TypeAssert", Kind: Invalid})
	}
	if !v.CanInterface() {
		panic("reflect.TypeAssert: cannot return value obtained from unexported field or method")
	}
	out, ok := v.Interface().(T)
	return out, ok
}
