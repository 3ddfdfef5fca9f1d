package session

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Package sync does not tell all that has to be known of its objects. The
// functions here read it in the objects' memory. Each layout is tried out when the
// program starts; where it is another one than that of Go 1.26, there is less to
// tell.

var (
	readerCountAt, knownRWMutex = fieldOf[sync.RWMutex]("readerCount", reflect.TypeFor[atomic.Int32]())
	onceDoneAt, knownOnceDone   = fieldOf[sync.Once]("done", reflect.TypeFor[atomic.Bool]())
	onceMutexAt, knownOnceMutex = fieldOf[sync.Once]("m", reflect.TypeFor[sync.Mutex]())
	listAt, knownList           = fieldOf[sync.Cond]("notify", nil)
	checkerAt, knownChecker     = fieldOf[sync.Cond]("checker", nil)

	knownOnce = knownOnceDone && knownOnceMutex
	knownCond = knownList && knownChecker
)

// fieldOf is the offset of a field of T, if T has it with that type. A type that
// cannot be named is nil.
func fieldOf[T any](name string, typ reflect.Type) (offset uintptr, ok bool) {
	f, ok := reflect.TypeFor[T]().FieldByName(name)
	return f.Offset, ok && (typ == nil || f.Type == typ)
}

func init() {
	var rw sync.RWMutex
	rw.RLock()
	one := readerCount(&rw).Load()
	rw.RUnlock()
	rw.Lock()
	none := readerCount(&rw).Load()
	rw.Unlock()
	knownRWMutex = knownRWMutex && one == 1 && none == -maxReaders

	var once sync.Once
	done, mu := onceParts(&once)
	free := true
	once.Do(func() { free = mu.TryLock() })
	knownOnce = knownOnce && !free && done.Load()

	c := sync.NewCond(&sync.Mutex{})
	c.Signal()
	knownCond = knownCond && *condChecker(c) == uintptr(unsafe.Pointer(condChecker(c)))
}

// maxReaders is what a writer takes away from the number of readers.
const maxReaders = 1 << 30

func readerCount(rw *sync.RWMutex) *atomic.Int32 {
	return (*atomic.Int32)(unsafe.Add(unsafe.Pointer(rw), readerCountAt))
}

// hasReaders reports whether anybody holds a lock for reading.
func hasReaders(rw *sync.RWMutex) bool {
	if knownRWMutex {
		n := readerCount(rw).Load()
		return n != 0 && n != -maxReaders
	}
	if rw.TryLock() {
		rw.Unlock()
		return false
	}
	return true
}

// onceParts tell whether the function of a Once has returned, and keep others
// from calling it meanwhile.
func onceParts(o *sync.Once) (done *atomic.Bool, mu *sync.Mutex) {
	p := unsafe.Pointer(o)
	return (*atomic.Bool)(unsafe.Add(p, onceDoneAt)), (*sync.Mutex)(unsafe.Add(p, onceMutexAt))
}

// condList is the list of those who wait for a Cond.
func condList(c *sync.Cond) unsafe.Pointer { return unsafe.Add(unsafe.Pointer(c), listAt) }

// condChecker is a word that holds its own address once the Cond has been used.
func condChecker(c *sync.Cond) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(c), checkerAt))
}

// checkCopied panics as the methods of a Cond do when it has been copied.
func checkCopied(c *sync.Cond) {
	w := condChecker(c)
	self := uintptr(unsafe.Pointer(w))
	if *w != self && !atomic.CompareAndSwapUintptr(w, 0, self) && *w != self {
		panic("sync.Cond is copied")
	}
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(list unsafe.Pointer) uint32

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(list unsafe.Pointer, ticket uint32)
