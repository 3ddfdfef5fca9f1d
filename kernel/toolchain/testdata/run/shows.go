// Shows is what the tests of displays run.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"chanbook/show"
)

//line In[3]:1
func main() {
	actions[os.Args[1]]()
}

var actions = map[string]func(){
	"all": func() {
		d := show.HTML("<b>bold</b>")
		d.Update("<i>changed</i>")
		show.Clear()
		show.ClearLater()
		show.Table([]struct{ A, B int }{{1, 2}})
		show.SVG(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>nothing</title></svg>`)
		p := show.Progress(2, "work")
		p.Add(2)
		p.Done()
		show.Timing("nothing", func() {}, show.Times(3))
		show.Leaks()
		fmt.Println(show.Wait())
	},
	"order": func() {
		for i := range 1000 {
			switch i % 3 {
			case 0:
				fmt.Printf("%d\n", i)
			case 1:
				fmt.Fprintf(os.Stderr, "%d\n", i)
			default:
				show.Text(fmt.Sprint(i))
			}
		}
	},
	"garbage": func() {
		text, _ := strconv.Unquote(os.Args[2])
		syscall.Write(3, []byte(text))
		time.Sleep(100 * time.Millisecond)
		show.Text("still here")
		fmt.Println("end")
	},
	"big": func() {
		show.Text(strings.Repeat("x", 65<<20))
		show.Text("small")
	},
	"child": func() {
		fmt.Printf("%q\n", os.Getenv("CHANBOOK_SHOW"))
		self := exec.Command(os.Args[0], "text")
		self.Stdout = os.Stdout
		fmt.Println(self.Run())
		_, err := os.Stat("/proc/self/fd/3")
		fmt.Println(err)
		out, _ := exec.Command("ls", "/proc/self/fd").Output()
		fmt.Println(strings.Fields(string(out)))
	},
	"text": func() { show.Text("as text") },
	"panicky": func() {
		show.Text("first")
		fmt.Fprint(os.Stderr, "panic: of no meaning\n")
		show.Text("second")
		panic("real")
	},
	"panic-among-displays": func() {
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					show.Text(fmt.Sprint(i))
				}
			}()
		}
		time.Sleep(20 * time.Millisecond)
		panic("among displays")
	},
	"deadlock": func() {
		show.Text("first")
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	},
	"goroutines": func() {
		var mu sync.Mutex
		mu.Lock()
		jobs := make(chan int)
		for range 3 {
			go consume(jobs)
		}
		go func() {
			mu.Lock()
		}()
		go time.Sleep(time.Hour)
		time.Sleep(50 * time.Millisecond)
		fmt.Println(runtime.NumGoroutine())
		show.Goroutines(os.Args[2:]...)
	},
	"watch": func() {
		jobs := make(chan int, 4)
		go consume(jobs)
		w := show.Watch("jobs", jobs)
		for i := range 40 {
			jobs <- i
			time.Sleep(10 * time.Millisecond)
		}
		w.Stop()
	},
	"many": func() {
		stop := make(chan bool)
		for range 100_000 {
			go func() { <-stop }()
		}
		runtime.Gosched()
		show.Goroutines()
	},
}

func consume(jobs chan int) {
	for range jobs {
	}
}
