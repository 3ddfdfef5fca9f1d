package kernel_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// BenchmarkTrivialCell is a round trip from the request to idle: what the
// server costs without an interpreter.
func BenchmarkTrivialCell(b *testing.B) {
	ready := make(chan wire.ConnectionFile, 1)
	server := kernel.New(kernel.Config{
		Evaluator: &kerneltest.Echo{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Ready: func(bound wire.ConnectionFile) { ready <- bound },
	})
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() {
		done <- server.Serve(ctx, wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1", Key: testKey})
	}()
	defer func() { cancel(); <-done }()
	c, err := kerneltest.Connect(ctx, <-ready)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := c.Ready(ctx); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Run(ctx, "result 2"); err != nil {
			b.Fatal(err)
		}
	}
}
