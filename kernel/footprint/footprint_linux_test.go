package footprint

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"
)

const sample = `00300000-00301000 r--p 00000000 fe:00 1                                  /other/opt/chan book
Anonymous:             0 kB
00400000-00e31000 r-xp 00000000 fe:00 10021118                           /opt/chan book
Rss:                7872 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
00e31000-01a55000 r--p 00a1e000 fe:00 10021118                           /opt/chan book
Anonymous:             8 kB
01a55000-01b0b000 rw-p 0162f000 fe:00 10021118                           /opt/chan book
Anonymous:             0 kB
01b0b000-01b0c000 r--p 0162f000 fe:00 10021118                           /opt/chan book
Anonymous:             0 kB
01c00000-01c01000 r--p 00000000 fe:00 1                                  /other/opt/chan book
Anonymous:             0 kB
01d00000-01d01000 r--p 00000000 fe:00 1                                  /opt/chan book
Anonymous:             0 kB
7f8098a9b000-7f8098b9b000 rw-p 00000000 00:00 0 
Anonymous:             0 kB
`

func TestPristine(t *testing.T) {
	got := pristine(strings.NewReader(sample), "/opt/chan book")
	if want := []mapping{{0x400000, 0xe31000}, {0x1b0b000, 0x1b0c000}}; !reflect.DeepEqual(got, want) {
		t.Errorf("found %x, want %x", got, want)
	}
}

// A program works on after its pages have gone, and has fewer of them.
func TestTrim(t *testing.T) {
	before := resident(t)
	Trim()
	after := resident(t)
	if after >= before {
		t.Errorf("%d kB of the program were resident, and then %d", before, after)
	}
	words := []string{"c", "a", "b"}
	sort.Strings(words)
	if fmt.Sprint(words) != "[a b c]" {
		t.Error(words)
	}
}

// resident is how much of the test program is resident, in kB.
func resident(t *testing.T) (sum int) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	lines, ours := 0, false
	for line := range strings.Lines(string(smaps)) {
		line = strings.TrimSuffix(line, "\n")
		addresses, _, _ := strings.Cut(line, " ")
		var kb int
		if _, ok := parse(addresses); ok {
			ours = strings.HasSuffix(line, " "+program)
		} else if n, _ := fmt.Sscanf(line, "Rss: %d kB", &kb); n == 1 && ours {
			sum += kb
			lines++
		}
	}
	if lines == 0 {
		t.Fatal("the program is not in smaps")
	}
	return sum
}
