package goroutine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseFilter(t *testing.T) {
	tests := []struct {
		words string
		want  Filter
		err   string // part of the error
	}{
		{"", Filter{}, ""},
		{"  \t ", Filter{}, ""},
		{"this", Filter{Cell: "In[9]"}, ""},
		{"In[3]", Filter{Cell: "In[3]"}, ""},
		{"In[9] this", Filter{Cell: "In[9]"}, ""},
		{"blocked", Filter{Blocked: true}, ""},
		{"leaked In[12] blocked", Filter{Cell: "In[12]", Blocked: true, Leaked: true}, ""},
		{"worker", Filter{Text: "worker"}, ""},
		{"chan   send this", Filter{Cell: "In[9]", Text: "chan send"}, ""},
		{`"this" leaked`, Filter{Leaked: true, Text: "this"}, ""},
		{`"chan  send"`, Filter{Text: "chan  send"}, ""},
		{"In[3]:12", Filter{Text: "In[3]:12"}, ""},
		{"goroutine 7", Filter{Text: "goroutine 7"}, ""},
		{"工人", Filter{Text: "工人"}, ""},
		{"In[3] In[4]", Filter{}, "belongs to one cell"},
		{"this In[4]", Filter{}, "belongs to one cell"},
		{"In[x]", Filter{}, "a cell is named as in In[3]"},
		{"in[3]", Filter{}, "a cell is named as in In[3]"},
		{"In[0]", Filter{}, "a cell is named as in In[3]"},
		{"--leaked", Filter{}, "no option --leaked"},
		{`worker "open`, Filter{}, `begins at "open has no end`},
	}
	for _, tt := range tests {
		got, err := ParseFilter(tt.words, "In[9]")
		switch {
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("ParseFilter(%q): error %v, want one with %q", tt.words, err, tt.err)
		case tt.err == "" && (err != nil || got != tt.want):
			t.Errorf("ParseFilter(%q) = %+v, %v, want %+v", tt.words, got, err, tt.want)
		}
	}
	if _, err := ParseFilter("this", ""); err == nil || !strings.Contains(err.Error(), "no cell is running") {
		t.Errorf("this without a cell: error %v", err)
	}
}

// What a filter prints is read as the same filter again.
func FuzzParseFilter(f *testing.F) {
	for _, words := range []string{"", "this blocked", `In[3] leaked "a b"`, "-x", `"`, "In[", "\u00a0x\xff"} {
		f.Add(words, "In[9]")
	}
	f.Fuzz(func(t *testing.T, words, cell string) {
		if cell != "" {
			cell = "In[9]"
		}
		filter, err := ParseFilter(words, cell)
		if err != nil {
			if filter != (Filter{}) || !strings.HasPrefix(err.Error(), "%goroutines") {
				t.Errorf("ParseFilter(%q) = %+v, %v", words, filter, err)
			}
			return
		}
		if strings.Contains(filter.Text, `"`) {
			return // nothing quotes a quote
		}
		again, err := ParseFilter(filter.String(), cell)
		if err != nil || again != filter {
			t.Errorf("ParseFilter(%q) = %+v, but of its own words %q: %+v, %v", words, filter, filter.String(), again, err)
		}
	})
}

func TestFilterApply(t *testing.T) {
	tests := []struct {
		filter Filter
		want   []int64
	}{
		{Filter{}, []int64{1, 7, 8, 9, 10, 11, 12, 14, 15}},
		{Filter{Cell: "In[10]"}, []int64{7, 8, 15}},
		{Filter{Blocked: true}, []int64{8, 10, 11, 12, 15}},
		{Filter{Blocked: true, Cell: "In[11]"}, []int64{10, 11, 12}},
		{Filter{Leaked: true}, nil},
		{Filter{Text: "HEARTBEAT"}, []int64{8}},
		{Filter{Text: "mutex.lock"}, []int64{10, 11, 12}},
		{Filter{Text: "In[11]:4"}, []int64{9, 10, 11, 12}}, // 9 holds what it locked there
		{Filter{Text: "ticker"}, []int64{8}},
		{Filter{Text: "net/http"}, []int64{7}},
		{Filter{Text: "9"}, []int64{9}},
		{Filter{Text: "goroutine 10"}, []int64{10}},
		{Filter{Text: "scan(&"}, []int64{14}},
		{Filter{Text: "os.Signal"}, []int64{15}},
		{Filter{Text: "nothing like it"}, nil},
	}
	goroutines := serviceScene().Goroutines
	for _, tt := range tests {
		var got []int64
		for _, g := range tt.filter.Apply(goroutines) {
			got = append(got, g.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%+v keeps %v, want %v", tt.filter, got, tt.want)
		}
	}
}

func TestContainsFold(t *testing.T) {
	tests := []struct {
		s, part string
		want    bool
	}{
		{"", "", true}, {"a", "", true}, {"", "a", false}, {"Worker", "wORK", true}, {"Worker", "ork ", false},
		{"工人甲", "人", true}, {"ÄRGER", "ärg", true}, {"a\xffb", "b", true}, {"aab", "ab", true},
	}
	for _, tt := range tests {
		if got := containsFold(tt.s, tt.part); got != tt.want {
			t.Errorf("containsFold(%q, %q) = %v", tt.s, tt.part, got)
		}
	}
}

// A filter that keeps nothing says what it was and how many goroutines there are.
func TestDumpOfNothing(t *testing.T) {
	tests := []struct {
		filter Filter
		want   string
	}{
		{Filter{Text: "no such"}, `None of the 14 goroutines fits "no such".`},
		{Filter{Leaked: true}, "14 goroutines; which of them have leaked is not known, because the memory was not searched."},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(Dump(unsearchedScene(), tt.filter)["text/plain"]); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.filter, got, tt.want)
		}
	}
	caption, _, _ := strings.Cut(fmt.Sprint(Dump(channelScene(), Filter{Cell: "In[3]", Text: "worker"})["text/plain"]), "\n")
	if want := `4 goroutines that fit In[3] "worker": 4 waiting · 4 leaked`; caption != want {
		t.Errorf("caption %q, want %q", caption, want)
	}
}
