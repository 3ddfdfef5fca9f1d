package session_test

import (
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// BenchmarkLocks measures calls that the session replaces beside calls of two
// methods that it leaves alone; each is a thousand times what its name says.
func BenchmarkLocks(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"none", "var wg sync.WaitGroup\nfor range 1000 { wg.Add(1); wg.Done() }"},
		{"mutex", "var mu sync.Mutex\nfor range 1000 { mu.Lock(); mu.Unlock() }"},
		{"reader", "var rw sync.RWMutex\nfor range 1000 { rw.RLock(); rw.RUnlock() }"},
		{"writer", "var rw sync.RWMutex\nfor range 1000 { rw.Lock(); rw.Unlock() }"},
		{"interface", "var mu sync.Locker = &sync.Mutex{}\nfor range 1000 { mu.Lock(); mu.Unlock() }"},
		{"once", "var once sync.Once\nfor range 1000 { once.Do(func() {}) }"},
		{"select", "c := make(chan int, 1)\nfor range 1000 { select { case c <- 1: }; select { case <-c: } }"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := session.New(session.Options{})
			defer s.Close()
			n := 0
			for b.Loop() {
				n++
				req := cell.Request{Source: cell.Source{Number: n, Text: c.text}}
				if out, _ := s.Execute(b.Context(), req, &recorder{}); out.Failure != nil {
					b.Fatal(out.Failure)
				}
			}
		})
	}
}
