package session

import (
	"maps"
	"reflect"
	"runtime"
	"sync"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What programs call instead of the methods of package sync. The objects are the
// real ones, which native code may use as well; beside using them, the functions
// tell the ledger who holds them and who waits for them. Each tries first without
// waiting, because the ledger wants to know only of what waits.

// syncFunctions are members of package chanbook/rt.
func (s *Session) syncFunctions() map[string]reflect.Value {
	out := map[string]reflect.Value{
		"MutexLock":     direct(s.mutexLock),
		"MutexTryLock":  directBool(s.mutexTryLock),
		"MutexUnlock":   direct(s.mutexUnlock),
		"WaitGroupWait": direct(s.waitGroupWait),
		"CondWait":      direct(s.condWait),
		"OnceDo":        reflect.ValueOf(s.onceDo),
	}
	maps.Copy(out, s.rwMutexFunctions())
	return out
}

// direct makes a function that the interpreter calls without reflection: most locks
// are free.
func direct[T any](f func(place string, x *T)) reflect.Value {
	return reflect.MakeFunc(reflect.TypeOf(f), func(in []reflect.Value) []reflect.Value {
		f(in[0].String(), (*T)(in[1].UnsafePointer()))
		return nil
	})
}

func directBool[T any](f func(place string, x *T) bool) reflect.Value {
	return reflect.MakeFunc(reflect.TypeOf(f), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(f(in[0].String(), (*T)(in[1].UnsafePointer())))}
	})
}

// await waits, by wait, for an object, and the ledger knows it meanwhile. Where
// the goroutine's cell has been stopped by then, undo gives back what was waited
// for and the goroutine ends.
func (s *Session) await(reason string, on goroutine.Target, wait, undo func()) {
	g := s.ledger.Current()
	if g == nil {
		wait()
		return
	}
	if g.Stopped() {
		runtime.Goexit()
	}
	g.Park(reason, on)
	defer g.Unpark() // also when misuse makes wait panic
	wait()
	if g.Stopped() {
		undo()
		runtime.Goexit()
	}
}

// A lock that is unlocked once too often ends the process. So no two goroutines
// of user code unlock at once, and each looks first.
var unlocking [64]struct {
	sync.Mutex
	_ [56]byte // the rest of a cache line
}

// unlock gives a lock back, by the function unlock, unless nobody has it: then the
// cell ends with the runtime's message.
func (s *Session) unlock(lock unsafe.Pointer, place, message string, read bool, held func() bool, unlock func()) {
	guard := &unlocking[uintptr(lock)>>3%uintptr(len(unlocking))]
	guard.Lock()
	defer guard.Unlock()
	if !held() {
		s.fatal(place, message)
	}
	s.ledger.Unlocked(lock, read) // before another goroutine can have it
	unlock()
}

func (s *Session) mutexLock(place string, mu *sync.Mutex) {
	if !mu.TryLock() {
		s.await(goroutine.ReasonLock, mutexTarget(mu), mu.Lock, mu.Unlock)
	}
	s.ledger.Locked(unsafe.Pointer(mu), goroutine.KindMutex, false, place)
}

func mutexTarget(mu *sync.Mutex) goroutine.Target {
	return goroutine.Target{Pointer: unsafe.Pointer(mu), Kind: goroutine.KindMutex, Type: "sync.Mutex"}
}

func (s *Session) mutexTryLock(place string, mu *sync.Mutex) bool {
	ok := mu.TryLock()
	if ok {
		s.ledger.Locked(unsafe.Pointer(mu), goroutine.KindMutex, false, place)
	}
	return ok
}

func (s *Session) mutexUnlock(place string, mu *sync.Mutex) {
	s.unlock(unsafe.Pointer(mu), place, "sync: unlock of unlocked mutex", false, func() bool { return mutexHeld(mu) }, mu.Unlock)
}

// mutexHeld reports whether anybody holds a mutex.
func mutexHeld(mu *sync.Mutex) bool {
	if mu.TryLock() {
		mu.Unlock()
		return false
	}
	return true
}

func (s *Session) waitGroupWait(_ string, wg *sync.WaitGroup) {
	if goroutine.Count(unsafe.Pointer(wg)) == 0 {
		wg.Wait()
		return
	}
	on := goroutine.Target{Pointer: unsafe.Pointer(wg), Kind: goroutine.KindWaitGroup, Type: "sync.WaitGroup"}
	s.await(goroutine.ReasonWaitGroup, on, wg.Wait, func() {})
}

// condWait is Cond.Wait in its parts: the lock that is given back and taken again
// is one that the ledger knows.
func (s *Session) condWait(place string, c *sync.Cond) {
	on := goroutine.Target{Pointer: unsafe.Pointer(c), Kind: goroutine.KindCond, Type: "sync.Cond"}
	pass := c.Signal // to another one, when the cell is stopped
	if !knownCond {
		s.await(goroutine.ReasonCond, on, c.Wait, func() { c.L.Unlock(); pass() })
		return
	}
	checkCopied(c)
	if g := s.ledger.Current(); g != nil && g.Stopped() {
		runtime.Goexit()
	}
	list := condList(c)
	ticket := notifyListAdd(list)
	s.interfaceUnlock(place, c.L)
	s.await(goroutine.ReasonCond, on, func() { notifyListWait(list, ticket) }, pass)
	s.interfaceLock(place, c.L)
}

// onceDo is Once.Do in its parts. Those who come while the function runs wait.
func (s *Session) onceDo(place string, o *sync.Once, f func()) {
	on := goroutine.Target{Pointer: unsafe.Pointer(o), Kind: goroutine.KindOnce, Type: "sync.Once"}
	if !knownOnce {
		s.await(goroutine.ReasonOnce, on, func() { o.Do(f) }, func() {})
		return
	}
	done, mu := onceParts(o)
	if done.Load() {
		return
	}
	if !mu.TryLock() {
		s.await(goroutine.ReasonOnce, on, mu.Lock, mu.Unlock)
	}
	s.ledger.Locked(unsafe.Pointer(o), goroutine.KindOnce, false, place)
	defer func() {
		s.ledger.Unlocked(unsafe.Pointer(o), false)
		mu.Unlock()
	}()
	if done.Load() {
		return
	}
	defer func() {
		if g := s.ledger.Current(); g == nil || !g.Stopped() {
			done.Store(true) // what was cut short may be done again
		}
	}()
	f()
}
