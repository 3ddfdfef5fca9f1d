package toolchain

import "os"

func signalName(s os.Signal) string { return s.String() }
