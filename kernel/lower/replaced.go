package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// A program does not call what waits, ends the process or wants to know its caller
// in native code: it calls the function of package chanbook/rt that stands for it.
// Such a function takes the place of the call before the receiver and the
// arguments, and after the place the name of the function that it starts, if it is
// one of starters. Values of the functions and methods lead there, too. Functions that
// need no place are not listed: the session gives them to the interpreter by their
// own names.

// replaced names what stands for functions and methods of packages.
var replaced = map[string]string{
	"(*sync.Mutex).Lock":       "MutexLock",
	"(*sync.Mutex).TryLock":    "MutexTryLock",
	"(*sync.Mutex).Unlock":     "MutexUnlock",
	"(*sync.RWMutex).Lock":     "RWMutexLock",
	"(*sync.RWMutex).TryLock":  "RWMutexTryLock",
	"(*sync.RWMutex).Unlock":   "RWMutexUnlock",
	"(*sync.RWMutex).RLock":    "RWMutexRLock",
	"(*sync.RWMutex).TryRLock": "RWMutexTryRLock",
	"(*sync.RWMutex).RUnlock":  "RWMutexRUnlock",
	"(*sync.WaitGroup).Go":     "WaitGroupGo",
	"(*sync.WaitGroup).Wait":   "WaitGroupWait",
	"(*sync.Cond).Wait":        "CondWait",
	"(*sync.Once).Do":          "OnceDo",
	"(*time.Timer).Reset":      "TimerReset",
	"(*time.Timer).Stop":       "TimerStop",
	"(*time.Ticker).Reset":     "TickerReset",
	"(*time.Ticker).Stop":      "TickerStop",
	"(*log.Logger).Output":     "LoggerOutput",
	"(*log.Logger).Print":      "LoggerPrint",
	"(*log.Logger).Printf":     "LoggerPrintf",
	"(*log.Logger).Println":    "LoggerPrintln",
	"(*log.Logger).Fatal":      "LoggerFatal",
	"(*log.Logger).Fatalf":     "LoggerFatalf",
	"(*log.Logger).Fatalln":    "LoggerFatalln",
	"(*log.Logger).Panic":      "LoggerPanic",
	"(*log.Logger).Panicf":     "LoggerPanicf",
	"(*log.Logger).Panicln":    "LoggerPanicln",
	"time.AfterFunc":           "AfterFunc",
	"context.AfterFunc":        "ContextAfterFunc",
	"os.Exit":                  "Exit",
	"flag.Parse":               "FlagParse",
	"(*flag.FlagSet).Parse":    "FlagSetParse",
	"syscall.Exit":             "SyscallExit",

	"golang.org/x/sync/errgroup.WithContext":          "ErrgroupWithContext",
	"(*golang.org/x/sync/errgroup.Group).Go":          "ErrgroupGo",
	"(*golang.org/x/sync/errgroup.Group).TryGo":       "ErrgroupTryGo",
	"(*golang.org/x/sync/errgroup.Group).Wait":        "ErrgroupWait",
	"(*golang.org/x/sync/semaphore.Weighted).Acquire": "SemaphoreAcquire",
	"(*golang.org/x/sync/singleflight.Group).DoChan":  "SingleflightDoChan",
	"(*golang.org/x/time/rate.Limiter).Wait":          "LimiterWait",
	"(*golang.org/x/time/rate.Limiter).WaitN":         "LimiterWaitN",
}

// starters are the functions of chanbook/rt that start a goroutine for their last
// argument.
var starters = map[string]bool{"WaitGroupGo": true, "InterfaceGo": true, "AfterFunc": true, "ContextAfterFunc": true}

// replacedInInterfaces names what stands for the methods of interfaces that may
// turn out to be one of the above. It finds that out, and calls any other method.
var replacedInInterfaces = map[string]string{
	"Lock()":                       "InterfaceLock",
	"TryLock() bool":               "InterfaceTryLock",
	"Unlock()":                     "InterfaceUnlock",
	"RLock()":                      "InterfaceRLock",
	"TryRLock() bool":              "InterfaceTryRLock",
	"RUnlock()":                    "InterfaceRUnlock",
	"Go(func())":                   "InterfaceGo",
	"Wait()":                       "InterfaceWait",
	"Do(func())":                   "InterfaceDo",
	"Stop()":                       "InterfaceStop",
	"Stop() bool":                  "InterfaceStopTimer",
	"Reset(time.Duration)":         "InterfaceReset",
	"Reset(time.Duration) bool":    "InterfaceResetTimer",
	"Fatal([]interface{})":         "InterfaceFatal",
	"Fatalf(string,[]interface{})": "InterfaceFatalf",
	"Fatalln([]interface{})":       "InterfaceFatalln",
}

// replacement names what a method of a value of type t is replaced by, if it is.
func replacement(m *types.Func, t types.Type) string {
	if !types.IsInterface(t) {
		return replaced[m.FullName()]
	}
	sig := m.Signature()
	key := m.Name() + "(" + plainTypes(sig.Params()) + ")"
	if sig.Results().Len() > 0 {
		key += " " + plainTypes(sig.Results())
	}
	return replacedInInterfaces[key]
}

// plainTypes writes down types without names of parameters.
func plainTypes(t *types.Tuple) string {
	var list []string
	for v := range t.Variables() {
		list = append(list, types.TypeString(unaliased(v.Type()), nil))
	}
	return strings.Join(list, ",")
}

// unaliased is a type, or the slice type of a variadic parameter, without aliases.
func unaliased(t types.Type) types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Slice:
		return types.NewSlice(unaliased(t.Elem()))
	case *types.Interface:
		if t.Empty() {
			return emptyInterface // any
		}
		return t
	default:
		return t
	}
}

// replacedFunction names what stands for a function of a package, if something
// does.
func (l *lowerer) replacedFunction(fun ast.Expr) string {
	fun = ast.Unparen(fun)
	id, ok := fun.(*ast.Ident)
	if sel, isSel := fun.(*ast.SelectorExpr); isSel && l.info.Selections[sel] == nil {
		id, ok = sel.Sel, true
	}
	if !ok {
		return ""
	}
	if f, ok := l.object(id).(*types.Func); ok && f.Signature().Recv() == nil {
		return replaced[f.FullName()]
	}
	return ""
}

// replacedCallee is the callee of what a member of the runtime package stands for.
// It is called with given; where that is not known, the function that it starts has
// no name.
func (l *lowerer) replacedCallee(member string, given []ast.Expr, args ...func() ast.Expr) callee {
	return callee{args: args, fun: func(args *[]ast.Expr) ast.Expr {
		first := []ast.Expr{l.str(l.where(l.pos))}
		if starters[member] {
			name := "func value"
			if len(given) > 0 {
				name = goName(given[len(given)-1])
			}
			first = append(first, l.str(name))
		}
		*args = append(first, *args...)
		return l.pkg(Runtime, member)
	}}
}

// replacedReceiver is the receiver for a method that is replaced: an interface is
// any interface there.
func (l *lowerer) replacedReceiver(x ast.Expr, t types.Type) ast.Expr {
	if types.IsInterface(t) {
		return l.convert(x, t, emptyInterface)
	}
	return x
}
