// Package lab makes and runs Chanbook's private JupyterLab: a Python virtual
// environment with pinned packages in Chanbook's own data folder, next to a
// copy of the program, and everything that JupyterLab writes. Nothing outside
// that folder is touched.
//
// It runs Python and pip, never user code, and knows nothing of the kernel
// beyond its kernelspec. Its goroutines are those of one call, which waits for
// them.
package lab
