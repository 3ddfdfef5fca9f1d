package show_test

import (
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"strings"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/show"
)

// Outside a notebook the text form is printed, as here.

func ExampleTable() {
	type worker struct {
		Name string
		Jobs int
		Busy time.Duration
	}
	show.Table([]worker{
		{"ada", 12, 1500 * time.Millisecond},
		{"bob", 7, 80 * time.Millisecond},
	})
	// Output:
	// Name  Jobs  Busy
	// ----  ----  ----
	// ada     12  1.5s
	// bob      7  80ms
}

func ExampleTable_slices() {
	rows := [][]any{{"unbuffered", 0}, {"buffered", 64}}
	show.Table(rows, show.Header("通道 channel", "cap"), show.Caption("Two channels"))
	// Output:
	// Two channels
	// 通道 channel  cap
	// ------------  ---
	// unbuffered      0
	// buffered       64
}

func ExampleTable_maps() {
	rows := []map[string]any{
		{"id": 1, "state": "running"},
		{"id": 2, "state": "chan receive", "since": 3 * time.Second},
	}
	show.Table(rows, show.Columns("id", "state", "since"))
	// Output:
	// id  state         since
	// --  ------------  -----
	//  1  running
	//  2  chan receive  3s
}

func ExampleHTML() {
	name := "<me>"
	show.HTML("<p>Hello, <b>" + html.EscapeString(name) + "</b></p>")
	// Output: Hello, <me>
}

func ExampleDisplay_Update() {
	d := show.Text("0 of 2")
	for i := range 2 {
		d.Update(fmt.Sprintf("%d of 2", i+1))
	}
	// Output:
	// 0 of 2
	// 1 of 2
	// 2 of 2
}

func ExampleDisplay_Clear() {
	d := show.Text("please wait")
	d.Clear() // in a notebook the text is gone now
	// Output: please wait
}

func ExampleLaTeX() {
	show.LaTeX(`S(n) = \frac{1}{(1-p) + p/n}`)
	show.LaTeX(`Amdahl's law has a limit of $\frac{1}{1-p}$.`)
	// Output:
	// S(n) = \frac{1}{(1-p) + p/n}
	// Amdahl's law has a limit of $\frac{1}{1-p}$.
}

func ExampleProgress() {
	pages := []string{"one", "two", "three"}
	p := show.Progress(len(pages), "reading")
	for range pages {
		p.Add(1)
	}
	p.Done()
}

func ExampleProgressOver() {
	sum := 0
	for i := range show.ProgressOver(1000, "adding") {
		sum += i
	}
	fmt.Println(sum)
}

func ExampleMarkdown() {
	show.Markdown("A channel is **unbuffered** unless `make` is told otherwise.")
	// Output: A channel is **unbuffered** unless `make` is told otherwise.
}

func ExampleSVG() {
	show.SVG(`<svg width="60" height="20"><title>a blue bar</title><rect width="60" height="20" fill="#2b62a8"/></svg>`)
	// Output: a blue bar
}

func ExampleImage() {
	m := image.NewGray(image.Rect(0, 0, 64, 64))
	for x := range 64 {
		for y := range 64 {
			m.SetGray(x, y, color.Gray{Y: uint8(2 * (x ^ y))})
		}
	}
	show.Image(m, show.Alt("a pattern of squares"))
	// Output: a pattern of squares
}

func ExampleClearLater() {
	for i := range 3 {
		show.ClearLater() // in a notebook each line takes the place of the one before
		fmt.Println("step", i)
	}
	// Output:
	// step 0
	// step 1
	// step 2
}

func ExampleGoroutines() {
	for range 3 {
		go func() { select {} }()
	}
	show.Goroutines("this", "blocked")
}

func ExampleLeaks() {
	results := make(chan int)
	for i := range 3 {
		go func() { results <- i }()
	}
	fmt.Println("the first of three results:", <-results)
	show.Leaks() // in a notebook: two goroutines wait to send, and nobody will receive
}

func ExampleTiming() {
	words := strings.Fields("share memory by communicating")
	r := show.Timing(
		"+=", func() {
			s := ""
			for _, w := range words {
				s += w
			}
		},
		"strings.Builder", func() {
			var b strings.Builder
			for _, w := range words {
				b.WriteString(w)
			}
		},
		show.For(time.Second),
	)
	if v := r.Variant("strings.Builder"); v.Ratio.High < 1 {
		fmt.Println(v.Verdict)
	}
}

func ExampleWatch() {
	jobs := make(chan int, 10)
	var wg sync.WaitGroup
	w := show.Watch("jobs", jobs, "workers", &wg, "waiting", func() any { return len(jobs) })
	defer w.Stop()
	for range 3 {
		wg.Go(func() {
			for range jobs {
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	for i := range 20 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}

func ExampleWait() {
	go func() {
		time.Sleep(10 * time.Millisecond)
		fmt.Println("late, and yet in the output of this cell")
	}()
	if err := show.Wait(time.Second); err != nil {
		fmt.Println(err)
	}
}

func ExampleValue() {
	type point struct{ x, y int }
	show.Value("a string has no quotes")
	show.Value([]string{"a", "b"})
	show.Value(point{1, 2})
	show.Value(&point{1, 2})
	show.Value([]byte("hi"))
	show.Value(errors.New("no such file"))
	show.Value(2 * time.Second)
	show.Value(make(chan int, 3))
	show.Value(time.Sleep)
	show.Value(nil)
	// Output:
	// a string has no quotes
	// [a b]
	// {x:1 y:2}
	// &{x:1 y:2}
	// [104 105]
	// no such file
	// 2s
	// chan int (0 of 3 buffered)
	// func(time.Duration)
	// <nil>
}

func ExampleConnect() {
	restore := show.Connect(func(m show.Message) {
		fmt.Println(m.Update, m.Clear, m.Data["text/markdown"])
	})
	defer restore()
	d := show.Markdown("**one**")
	d.Update("**two**")
	show.ClearLater()
	// Output:
	// false false **one**
	// true false **two**
	// false true <nil>
}
