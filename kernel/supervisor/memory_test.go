package supervisor

import (
	"errors"
	"testing"
)

func TestParseMemory(t *testing.T) {
	const machine = 16 << 30
	for text, want := range map[string]int64{
		"4GiB": 4 << 30, "4G": 4 << 30, "4 GB": 4_000_000_000, "1.5gib": 3 << 29, "512MiB": 512 << 20, "100000000": 100_000_000,
		"50%": 8 << 30, " 12.5 % ": 2 << 30, "0.0001%": minMemory, "off": 0, "OFF": 0,
	} {
		if got, err := ParseMemory(text, machine); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "-1GiB", "0", "120%", "4QiB", "1e30GiB", "NaN", "inf", "%", "4GiBs", "4 4G"} {
		if got, err := ParseMemory(text, machine); !errors.Is(err, ErrMemorySyntax) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	if _, err := ParseMemory("1MiB", machine); err == nil {
		t.Error("a cap in which nothing can run")
	}
	if got, err := ParseMemory("50%", 0); got != 0 || err != nil {
		t.Errorf("a share of an unknown amount: %d, %v", got, err)
	}
}

func TestMemoryVariable(t *testing.T) {
	t.Setenv(MemoryVariable, "3GiB")
	if got, err := memoryLimit(""); got != 3<<30 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	if got, err := memoryLimit("1GiB"); got != 1<<30 || err != nil {
		t.Errorf("the option does not win: %d, %v", got, err)
	}
	t.Setenv(MemoryVariable, "much")
	if _, err := memoryLimit(""); err == nil {
		t.Error("no error")
	}
	t.Setenv(MemoryVariable, "")
	if got, err := memoryLimit(""); err != nil || machineMemory() > 0 && got != max(minMemory, machineMemory()/2) {
		t.Errorf("default %d, %v", got, err)
	}
}
