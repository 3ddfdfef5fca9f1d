// This file lets the package declare functions without bodies, which are the
// interpreter's own.
