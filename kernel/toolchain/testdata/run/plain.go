// Plain is what the tests of Run run: each argument names one thing to do. It is
// compiled as a cell is, so that its traces name the lines of In[3].
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

//line In[3]:1
func main() {
	what := map[string]func(){
		"hello": hello, "cat": cat, "scan": scan, "words": words, "never": never,
	}[os.Args[1]]
	if what == nil {
		what = more[os.Args[1]]
	}
	what()
}

func hello() { fmt.Println("hello") }

var spun int

//go:noinline
func spin() {
	for spun >= 0 { // for ever, and nobody writes it
	}
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		log.Fatal(err)
	}
	return n
}

func cat() {
	text, err := io.ReadAll(os.Stdin)
	fmt.Printf("%q %v\n", text, err)
}

func scan() {
	lines := bufio.NewScanner(os.Stdin)
	for fmt.Print("? "); lines.Scan(); fmt.Print("? ") {
		fmt.Println("got", lines.Text())
	}
}

func words() {
	var a, b int
	fmt.Print("a b: ")
	n, err := fmt.Scan(&a, &b)
	fmt.Println(a+b, n, err)
}

func never() {
	time.Sleep(300 * time.Millisecond)
	for range 1000 {
		runtime.Gosched()
	}
}

var more = map[string]func(){
	"exit": func() { os.Exit(number(2)) },
	"fatal": func() {
		fmt.Print("no line end")
		log.Fatal("cannot go on")
	},
	"print": func() {
		os.Stdout.WriteString(os.Args[2])
		os.Stderr.WriteString(os.Args[3])
	},
	"bytes": func() {
		for _, b := range []byte("é中😀\xffé") {
			os.Stdout.Write([]byte{b})
			time.Sleep(2 * time.Millisecond)
		}
		os.Stdout.WriteString("\xe4\xb8")
	},
	"letters": func() {
		for i := range 5000 {
			os.Stdout.WriteString(string(rune('a' + i%26)))
		}
	},
	"spin": func() {
		for range number(2) {
			go spin()
		}
		spin()
	},
	"prompt": func() {
		fmt.Print("name? ")
		time.Sleep(time.Hour)
	},
	"flood": func() {
		block := []byte(strings.Repeat("y\n", 32<<10))
		for range number(2) {
			os.Stdout.Write(block)
		}
	},
	"env": func() {
		for _, name := range os.Args[2:] {
			fmt.Println(name, os.Getenv(name))
		}
		dir, _ := os.Getwd()
		fmt.Println(runtime.GOMAXPROCS(0), dir)
	},
	"work": func() {
		for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
		}
	},
	"graceful": func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		fmt.Println("ready")
		<-c
		fmt.Println("shutting down")
		os.Exit(number(2))
	},
	"ignore": func() {
		signal.Ignore(os.Interrupt)
		child := exec.Command("sleep", "600")
		child.Start()
		fmt.Println("ready", os.Getpid(), child.Process.Pid)
		time.Sleep(time.Hour)
	},
	"leave": func() { // a child that keeps the pipes open
		child := exec.Command("sleep", "600")
		child.Stdout, child.Stderr, child.Stdin = os.Stdout, os.Stderr, os.Stdin
		child.Start()
		fmt.Println("child", child.Process.Pid)
	},
	"escape": func() {
		child := exec.Command("setsid", "sleep", "600")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		child.Start()
		time.Sleep(200 * time.Millisecond)
		fmt.Println("child", child.Process.Pid)
	},
	"descriptors": func() {
		for fd := range 4 {
			flags, _, err := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
			switch {
			case err != 0:
				fmt.Println(fd, "none")
			case flags&syscall.O_NONBLOCK != 0:
				fmt.Println(fd, "does not block")
			default:
				fmt.Println(fd, "blocks")
			}
		}
	},
	"sleep": func() {
		fmt.Println("ready", os.Getpid())
		time.Sleep(time.Hour)
	},
	"scan-and-exit": func() {
		go scan()
		time.Sleep(200 * time.Millisecond)
		os.Exit(4)
	},
	"child-reads": func() {
		child := exec.Command("head", "-n", "1")
		child.Stdin, child.Stdout = os.Stdin, os.Stdout
		fmt.Println("end", child.Run())
	},
	"kill": func() {
		syscall.Kill(os.Getpid(), syscall.Signal(number(2)))
		time.Sleep(time.Minute)
	},
	"panic": func() { panic(os.Args[2]) },
	"panic-in-goroutine": func() {
		stop := make(chan bool)
		for range 5 {
			go parked(stop)
		}
		time.Sleep(50 * time.Millisecond)
		fmt.Fprintln(os.Stderr, "panic: not yet")
		go worker(3, stop)
		<-stop
	},
	"flood-and-panic": func() {
		go func() {
			for {
				os.Stdout.WriteString(strings.Repeat("y\n", 1000))
			}
		}()
		time.Sleep(50 * time.Millisecond)
		panic("in a flood")
	},
	"child-panics": func() {
		child := exec.Command(os.Args[0], "panic", "of the child")
		child.Stderr = os.Stderr
		child.Run()
		panic("of the parent")
	},
	"nil": func() {
		var p *struct{ n int }
		p.n = 1
	},
	"error": func() { panic(fmt.Errorf("two\nlines")) },
	"nested": func() {
		defer func() { panic(fmt.Sprint("again: ", recover())) }()
		panic("first")
	},
	"deadlock": func() {
		var mu sync.Mutex
		mu.Lock()
		go func() { mu.Lock() }()
		<-make(chan int)
	},
	"overflow": func() {
		debug.SetMaxStack(1 << 20) // the runtime counts the calls, which takes its time
		fmt.Println(recursion(1))
	},
	"map": func() {
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%100] = i
				}
			}()
		}
		time.Sleep(time.Minute)
	},
	"pretend": func() { // text that looks like a report, by a program that lives
		fmt.Fprint(os.Stderr, os.Args[2])
		if pause := number(3); pause > 0 {
			time.Sleep(time.Duration(pause) * time.Millisecond)
			fmt.Println("late")
		}
		fmt.Fprint(os.Stderr, "after\n")
		os.Exit(number(4))
	},
	"goroutines": func() {
		stop := make(chan bool)
		for range number(2) {
			go parked(stop)
		}
		fmt.Println("ready")
		time.Sleep(time.Hour)
	},
}

func parked(stop chan bool) { <-stop }

func worker(n int, stop chan bool) {
	time.Sleep(10 * time.Millisecond)
	fail(make([]int, n), 7)
}

func fail(list []int, at int) { fmt.Println(list[at]) }

func recursion(n int) int { return recursion(n+1) + 1 }
