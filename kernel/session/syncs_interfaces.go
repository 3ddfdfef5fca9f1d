package session

import (
	"fmt"
	"go/types"
	"log"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// What programs call instead of the methods of interfaces that an object of
// package sync, and others that programs must not call directly, may stand behind:
// sync.Locker, or one of their own.

// interfaceFunctions are members of package chanbook/rt.
func (s *Session) interfaceFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"InterfaceLock":       directAny(s.interfaceLock),
		"InterfaceTryLock":    directAnyBool(s.interfaceTryLock),
		"InterfaceUnlock":     directAny(s.interfaceUnlock),
		"InterfaceRLock":      directAny(s.interfaceRLock),
		"InterfaceTryRLock":   directAnyBool(s.interfaceTryRLock),
		"InterfaceRUnlock":    directAny(s.interfaceRUnlock),
		"InterfaceGo":         reflect.ValueOf(s.interfaceGo),
		"InterfaceWait":       directAny(s.interfaceWait),
		"InterfaceDo":         reflect.ValueOf(s.interfaceDo),
		"InterfaceStop":       directAny(s.interfaceStop),
		"InterfaceStopTimer":  directAnyBool(s.interfaceStopTimer),
		"InterfaceReset":      reflect.ValueOf(s.interfaceReset),
		"InterfaceResetTimer": reflect.ValueOf(s.interfaceResetTimer),
	}
}

// directAny makes a function that the interpreter calls without reflection.
func directAny(f func(place string, x any)) reflect.Value {
	return reflect.MakeFunc(reflect.TypeOf(f), func(in []reflect.Value) []reflect.Value {
		f(in[0].String(), in[1].Interface())
		return nil
	})
}

func directAnyBool(f func(place string, x any) bool) reflect.Value {
	return reflect.MakeFunc(reflect.TypeOf(f), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(f(in[0].String(), in[1].Interface()))}
	})
}

func (s *Session) interfaceLock(place string, x any) {
	switch v := behind(x, "Lock").(type) {
	case *sync.Mutex:
		s.mutexLock(place, v)
	case *sync.RWMutex:
		s.rwMutexLock(place, v)
	case readLocker:
		s.rwMutexRLock(place, v.RWMutex)
	case interface{ Lock() }:
		v.Lock()
	}
}

func (s *Session) interfaceTryLock(place string, x any) bool {
	switch v := behind(x, "TryLock").(type) {
	case *sync.Mutex:
		return s.mutexTryLock(place, v)
	case *sync.RWMutex:
		return s.rwMutexTryLock(place, v)
	default:
		return v.(interface{ TryLock() bool }).TryLock()
	}
}

func (s *Session) interfaceUnlock(place string, x any) {
	switch v := behind(x, "Unlock").(type) {
	case *sync.Mutex:
		s.mutexUnlock(place, v)
	case *sync.RWMutex:
		s.rwMutexUnlock(place, v)
	case readLocker:
		s.rwMutexRUnlock(place, v.RWMutex)
	case interface{ Unlock() }:
		v.Unlock()
	}
}

func (s *Session) interfaceRLock(place string, x any) {
	switch v := behind(x, "RLock").(type) {
	case *sync.RWMutex:
		s.rwMutexRLock(place, v)
	case interface{ RLock() }:
		v.RLock()
	}
}

func (s *Session) interfaceTryRLock(place string, x any) bool {
	switch v := behind(x, "TryRLock").(type) {
	case *sync.RWMutex:
		return s.rwMutexTryRLock(place, v)
	default:
		return v.(interface{ TryRLock() bool }).TryRLock()
	}
}

func (s *Session) interfaceRUnlock(place string, x any) {
	switch v := behind(x, "RUnlock").(type) {
	case *sync.RWMutex:
		s.rwMutexRUnlock(place, v)
	case interface{ RUnlock() }:
		v.RUnlock()
	}
}

func (s *Session) interfaceGo(place, name string, x any, f func()) {
	switch v := behind(x, "Go").(type) {
	case *sync.WaitGroup:
		s.rtWaitGroupGo(place, name, v, f)
	case interface{ Go(func()) }:
		v.Go(f)
	}
}

func (s *Session) interfaceWait(place string, x any) {
	switch v := behind(x, "Wait").(type) {
	case *sync.WaitGroup:
		s.waitGroupWait(place, v)
	case *sync.Cond:
		s.condWait(place, v)
	case interface{ Wait() }:
		v.Wait()
	}
}

func (s *Session) interfaceDo(place string, x any, f func()) {
	switch v := behind(x, "Do").(type) {
	case *sync.Once:
		s.onceDo(place, v, f)
	case interface{ Do(func()) }:
		v.Do(f)
	}
}

func (s *Session) interfaceStop(place string, x any) {
	switch v := behind(x, "Stop").(type) {
	case *time.Ticker:
		s.tickerStop(place, v)
	case interface{ Stop() }:
		v.Stop()
	}
}

func (s *Session) interfaceStopTimer(place string, x any) bool {
	switch v := behind(x, "Stop").(type) {
	case *time.Timer:
		return s.timerStop(place, v)
	default:
		return v.(interface{ Stop() bool }).Stop()
	}
}

func (s *Session) interfaceReset(place string, x any, d time.Duration) {
	switch v := behind(x, "Reset").(type) {
	case *time.Ticker:
		s.tickerReset(place, v, d)
	case interface{ Reset(time.Duration) }:
		v.Reset(d)
	}
}

func (s *Session) interfaceResetTimer(place string, x any, d time.Duration) bool {
	switch v := behind(x, "Reset").(type) {
	case *time.Timer:
		return s.timerReset(place, v, d)
	default:
		return v.(interface{ Reset(time.Duration) bool }).Reset(d)
	}
}

func (s *Session) interfaceFatal(place string, x any, args ...any) {
	switch v := behind(x, "Fatal").(type) {
	case *log.Logger:
		s.logFatal(place, v, fmt.Sprint(args...))
	case interface{ Fatal(args ...any) }:
		v.Fatal(args...)
	}
}

func (s *Session) interfaceFatalf(place string, x any, format string, args ...any) {
	switch v := behind(x, "Fatalf").(type) {
	case *log.Logger:
		s.logFatal(place, v, fmt.Sprintf(format, args...))
	case interface {
		Fatalf(format string, args ...any)
	}:
		v.Fatalf(format, args...)
	}
}

func (s *Session) interfaceFatalln(place string, x any, args ...any) {
	switch v := behind(x, "Fatalln").(type) {
	case *log.Logger:
		s.logFatal(place, v, fmt.Sprintln(args...))
	case interface{ Fatalln(args ...any) }:
		v.Fatalln(args...)
	}
}

func (s *Session) logFatal(place string, l *log.Logger, text string) {
	s.logLine(s.current().interp, l, 1, text)
	s.exit(place, 1)
}

// readLocker is what RWMutex.RLocker returns.
type readLocker struct{ *sync.RWMutex }

var readLockerType = reflect.TypeOf(new(sync.RWMutex).RLocker())

// behind is the value that has the method which an interface with the value x
// calls: x itself, or a part of it that is embedded.
func behind(x any, method string) any {
	switch x.(type) {
	case nil:
		panic(nilDereference())
	case *sync.Mutex, *sync.RWMutex:
		return x
	}
	t := reflect.TypeOf(x)
	if t == readLockerType {
		return readLocker{(*sync.RWMutex)(reflect.ValueOf(x).UnsafePointer())}
	}
	index := promotion(t, method)
	if len(index) == 0 {
		return x
	}
	v := reflect.New(t).Elem()
	v.Set(reflect.ValueOf(x))
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				panic(nilDereference())
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	if v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		return behind(reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem().Interface(), method)
	}
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Interface()
}

// promotion is the path of embedded fields to the method of a program's type, if a
// type of a package has that.
func promotion(t reflect.Type, method string) []int {
	key := promoted{t, method}
	if known, ok := promotions.Load(key); ok {
		return known.([]int)
	}
	var index []int
	if made, ok := runtimeTypes.Of(t); ok {
		f, path, _ := types.LookupFieldOrMethod(made, true, nil, method)
		if f != nil && len(path) > 1 && f.Pkg() != nil && f.Pkg().Path() != "main" {
			index = path[:len(path)-1]
		}
	}
	promotions.Store(key, index)
	return index
}

type promoted struct {
	t      reflect.Type
	method string
}

var promotions sync.Map // promoted -> []int
