// Package kernel is the Jupyter server: the order of requests, busy and idle,
// execution counters, history and input. It declares the Evaluator that it
// needs and does not know what evaluates: a worker process or a test's echo.
package kernel
