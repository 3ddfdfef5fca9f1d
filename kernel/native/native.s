// This file makes the compiler accept a function without a body, which is linked
// to one of another package.
