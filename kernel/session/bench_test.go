package session_test

import (
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

func benchCell(b *testing.B, setup, text string) {
	s := session.New(session.Options{})
	defer s.Close()
	fe := &recorder{}
	run := func(n int, text string) {
		out, _ := s.Execute(b.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, fe)
		if out.Failure != nil {
			b.Fatal(out.Failure)
		}
	}
	run(1, setup)
	for i := 0; b.Loop(); i++ {
		run(i+2, text)
	}
}

// BenchmarkCell is what a small cell costs from text to value.
func BenchmarkCell(b *testing.B) { benchCell(b, "x := 1", "x + 1") }

// BenchmarkGoroutines starts and joins 10,000 goroutines in a cell.
func BenchmarkGoroutines(b *testing.B) {
	benchCell(b, "var wg sync.WaitGroup", `
for i := 0; i < 10000; i++ {
	wg.Add(1)
	go func() { wg.Done() }()
}
wg.Wait()`)
}

// BenchmarkPrintln prints 10,000 lines.
func BenchmarkPrintln(b *testing.B) {
	benchCell(b, "", `for i := 0; i < 10000; i++ { fmt.Println(i) }`)
}
