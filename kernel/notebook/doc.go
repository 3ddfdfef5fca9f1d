// Package notebook reads, writes and runs Jupyter notebooks.
//
// It keeps whatever a notebook holds that it does not know, and writes a notebook
// as Jupyter's own tools do: JSON with sorted keys, one space of indentation and a
// newline at the end, so that what did not change makes no difference in version
// control. The format is nbformat 4 (https://nbformat.readthedocs.io), minor
// versions 0 to 5.
//
// Cells are run by whoever can: the package knows the values of package cell and
// nothing of processes or Jupyter's protocol. It starts no goroutines that outlive
// a call.
package notebook
