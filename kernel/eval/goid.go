package eval

import "github.com/petermattis/goid"

func goroutineID() int64 { return goid.Get() }
