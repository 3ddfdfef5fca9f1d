package toolchain

import "syscall"

// dieWithParent has the system end a program when the thread that started it
// ends: at once, without the guard's help.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
