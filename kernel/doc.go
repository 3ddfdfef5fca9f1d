// Package kernel is the Jupyter server: the order of requests, busy and idle,
// execution counters, history, input, comms and subshells. It declares the Evaluator that it
// needs and does not know what evaluates: a worker process or a test's echo.
package kernel
