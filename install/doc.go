// Package install tells Jupyter about the kernel: it writes and removes the
// kernelspec (kernel.json and logos), knows the folders where Jupyter looks for
// it on each system, and keeps copies of the program in places that last.
//
// The pinned Python packages of the private JupyterLab environment are embedded
// here, beside the files that a person edits; package lab makes the environment
// from them. This package runs no Python, opens no connection, and starts no
// goroutine.
package install
