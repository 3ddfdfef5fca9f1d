package goroutine

import (
	"fmt"
	"slices"
	"time"
)

// now is when the scenes were taken.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

// scene makes snapshots by hand.
type scene struct {
	*Snapshot
	next uintptr
}

func newScene(cell string) *scene {
	return &scene{Snapshot: &Snapshot{Taken: now, Searched: true, Cell: cell}, next: 0xc000010000}
}

func (s *scene) object(o Object) *Object {
	s.next += 0x60
	o.ID = s.next
	if o.Kind != KindWaitGroup {
		o.Count = -1
	}
	s.Objects = append(s.Objects, &o)
	return &o
}

func (s *scene) channel(name, typ string, length, capacity int, made string, reached ...Reference) *Object {
	return s.object(Object{Kind: KindChannel, Name: name, Type: typ, Len: length, Cap: capacity, Made: made, Reached: reached})
}

func (s *scene) mutex(name string) *Object {
	return s.object(Object{Kind: KindMutex, Type: "sync.Mutex", Name: name})
}

// add adds a goroutine that was started by the cell's own, three seconds ago.
func (s *scene) add(id int64, cell, start, function string, stack ...Frame) *Info {
	g := &Info{ID: id, Parent: 1, Cell: cell, Start: start, Func: function, Since: ago(3 * time.Second), Reason: ReasonRunning, Stack: stack}
	s.Goroutines = append(s.Goroutines, g)
	return g
}

// done is the finished snapshot.
func (s *scene) done() *Snapshot {
	slices.SortFunc(s.Goroutines, func(a, b *Info) int { return int(a.ID - b.ID) })
	return s.Snapshot
}

func (s *scene) main(id int64, cell string, stack ...Frame) *Info {
	g := s.add(id, cell, "", "", stack...)
	g.Main, g.Parent = true, 0
	return g
}

// waits makes g wait since two seconds.
func (g *Info) waits(reason string, verdict Verdict, on ...Case) *Info {
	g.State, g.Reason, g.Verdict = Waiting, reason, verdict
	g.Wait = &Wait{Since: ago(2 * time.Second), On: on}
	return g
}

func (g *Info) holding(o *Object, place string) *Info {
	g.Holds = append(g.Holds, Lock{Object: o, Since: ago(2500 * time.Millisecond), Place: place})
	o.Holders = append(o.Holders, g.ID)
	return g
}

func line(function, place, text string) Frame { return Frame{Func: function, Place: place, Text: text} }

// scenes are snapshots of every kind of fault and of what is none. The name of a
// scene says the cell whose deadlock and note are drawn.
var scenes = []struct {
	name, cell string
	make       func() *Snapshot
}{
	{"empty", "In[3]", func() *Snapshot { return newScene("In[3]").Snapshot }},
	{"channels", "In[3]", channelScene},
	{"timers", "In[3]", timerScene},
	{"selects", "In[3]", selectScene},
	{"locks", "In[4]", lockScene},
	{"groups", "In[5]", groupScene},
	{"inversion", "In[6]", inversionScene},
	{"philosophers", "In[7]", philosopherScene},
	{"wait-before-receive", "In[8]", waitBeforeReceiveScene},
	{"send-to-self", "In[9]", sendToSelfScene},
	{"services", "In[11]", serviceScene},
	{"later", "In[2]", laterScene},
	{"chinese", "In[12]", chineseScene},
	{"hostile", "In[13]", hostileScene},
	{"many", "In[14]", manyScene},
	{"unsearched", "In[3]", unsearchedScene},
}

func channelScene() *Snapshot {
	s := newScene("In[5]")
	s.main(1, "In[5]", line("", "In[5]:1", "show.Leaks()"))
	first := s.channel("first", "chan string", 0, 0, "In[3]:2")
	for id := int64(18); id < 21; id++ {
		s.add(id, "In[3]", "In[3]:5", "ask", line("ask", "In[3]:11", "first <- get(server)"), line("a function literal of query", "In[3]:5", "ask(s)")).
			waits(ReasonSend, Never, Case{Send: true, Object: first})
	}
	full := s.channel("results", "chan int", 2, 2, "In[3]:20")
	s.add(21, "In[3]", "In[3]:22", "produce", line("produce", "In[3]:31", "results <- i * i")).
		waits(ReasonSend, Never, Case{Send: true, Object: full})
	s.add(22, "In[3]", "In[3]:23", "consume", line("consume", "In[3]:36", "v, ok := <-done")).
		waits(ReasonReceive, Never, Case{Object: s.channel("done", "chan struct {}", 0, 0, "In[3]:21")})
	jobs := s.channel("jobs", "chan Job", 0, 8, "In[3]:40")
	for id := int64(30); id < 38; id += 2 {
		s.add(id, "In[3]", "In[3]:42", "worker", line("worker", "In[3]:50", "for job := range jobs {")).
			waits(ReasonReceive, Never, Case{Object: jobs})
	}
	s.add(39, "In[3]", "In[3]:60", "a function literal", line("a function literal", "In[3]:61", "ch <- 1")).
		waits(ReasonSendNil, Never, Case{Send: true, Object: s.object(Object{Kind: KindChannel, Type: "chan int", Name: "ch", Nil: true})})
	s.add(40, "In[3]", "In[3]:63", "a function literal", line("a function literal", "In[3]:64", "<-quit")).
		waits(ReasonReceiveNil, Never, Case{})
	s.add(41, "In[3]", "In[3]:70", "watch", line("watch", "In[3]:75", "<-ctx.Done()")).
		waits(ReasonReceive, Never, Case{Object: s.channel("ctx.Done()", "<-chan struct {}", 0, 0, "")})
	s.add(42, "In[3]", "In[3]:71", "watch", line("watch", "In[3]:75", "<-ctx.Done()")).
		waits(ReasonReceiveNil, Never, Case{Object: s.object(Object{Kind: KindChannel, Type: "<-chan struct {}", Name: "ctx.Done()", Nil: true})})
	return s.done()
}

func selectScene() *Snapshot {
	s := newScene("")
	s.add(7, "In[3]", "In[3]:2", "park", line("park", "In[3]:9", "select {}")).waits(ReasonSelectNone, Never)
	in, out := s.channel("in", "chan int", 0, 0, "In[3]:12"), s.channel("out", "chan<- int", 0, 0, "In[3]:13")
	s.add(8, "In[3]", "In[3]:14", "pump", line("pump", "In[3]:20", "select {")).
		waits(ReasonSelect, Never, Case{Object: in}, Case{Send: true, Object: out}, Case{})
	done := s.channel("ctx.Done()", "<-chan struct {}", 0, 0, "")
	s.add(9, "In[3]", "In[3]:30", "poll", line("poll", "In[3]:33", "select {")).
		waits(ReasonSelect, Never, Case{Object: s.channel("", "chan int", 0, 0, "In[3]:31")}, Case{Object: done})
	s.add(10, "In[3]", "In[3]:40", "tick", line("tick", "In[3]:44", "select {")).
		waits(ReasonSelect, Live, Case{Object: s.object(Object{Kind: KindChannel, Type: "<-chan time.Time", Name: "ticker.C", Cap: 1, Feed: "a ticker every 1s"})}, Case{Object: done}).
		Hope = []string{"a ticker every 1s"}
	return s.done()
}

func timerScene() *Snapshot {
	s := newScene("In[3]")
	s.main(1, "In[3]", line("", "In[3]:90", "show.Leaks()"))
	s.add(43, "In[3]", "In[3]:72", "drain", line("drain", "In[3]:79", "<-timer.C")).
		waits(ReasonReceive, Never, Case{Object: s.channel("timer.C", "<-chan time.Time", 0, 0, "")})
	s.add(44, "In[3]", "In[3]:73", "tick", line("tick", "In[3]:83", "for now := range ticker.C {")).
		waits(ReasonReceive, Never, Case{Object: s.channel("ticker.C", "<-chan time.Time", 0, 0, "")})
	return s.done()
}

func lockScene() *Snapshot {
	s := newScene("In[5]")
	mu := s.mutex("c.mu")
	s.add(7, "In[4]", "In[4]:20", "(*Counter).Add", line("(*Counter).Get", "In[4]:9", "c.mu.Lock()"), line("(*Counter).Add", "In[4]:15", "n := c.Get()")).
		waits(ReasonLock, Never, Case{Object: mu}).holding(mu, "In[4]:14")
	for id := int64(8); id < 12; id++ {
		s.add(id, "In[4]", "In[4]:21", "(*Counter).Get", line("(*Counter).Get", "In[4]:9", "c.mu.Lock()")).
			waits(ReasonLock, Never, Case{Object: mu})
	}
	gone := s.mutex("mu")
	gone.Dead, gone.Holders, gone.Locked = true, []int64{5}, "In[4]:30"
	s.add(12, "In[4]", "In[4]:32", "update", line("update", "In[4]:35", "mu.Lock()")).waits(ReasonLock, Never, Case{Object: gone})
	s.add(13, "In[4]", "In[4]:38", "copied", line("copied", "In[4]:39", "m.Lock()")).waits(ReasonLock, Never, Case{Object: s.mutex("m")})
	rw := s.object(Object{Kind: KindRWMutex, Type: "sync.RWMutex", Name: "cache.rw"})
	s.add(14, "In[4]", "In[4]:45", "refresh", line("refresh", "In[4]:48", "cache.rw.Lock()")).
		waits(ReasonWLock, Never, Case{Object: rw}).holding(rw, "In[4]:46").Holds[0].Read = true
	s.add(15, "In[4]", "In[4]:46", "lookup", line("lookup", "In[4]:52", "cache.rw.RLock()")).
		waits(ReasonRLock, Never, Case{Object: rw})
	again := s.object(Object{Kind: KindRWMutex, Type: "sync.RWMutex", Name: "rw"})
	s.add(16, "In[4]", "In[4]:55", "reread", line("reread", "In[4]:57", "rw.RLock()")).
		waits(ReasonRLock, Never, Case{Object: again}).holding(again, "In[4]:56").Holds[0].Read = true
	busy := s.mutex("log.mu")
	s.add(17, "In[4]", "In[4]:60", "flush", line("flush", "In[4]:63", "lines <- buf")).
		waits(ReasonSend, Never, Case{Send: true, Object: s.channel("lines", "chan []byte", 0, 0, "In[4]:59")}).holding(busy, "In[4]:62")
	s.add(18, "In[4]", "In[4]:61", "logf", line("logf", "In[4]:68", "log.mu.Lock()")).waits(ReasonLock, Never, Case{Object: busy})
	return s.done()
}

func groupScene() *Snapshot {
	s := newScene("In[5]")
	wg := s.object(Object{Kind: KindWaitGroup, Type: "sync.WaitGroup", Name: "wg", Count: 2})
	s.main(1, "In[5]", line("", "In[5]:30", "wg.Wait()")).waits(ReasonWaitGroup, Never, Case{Object: wg})
	c := s.object(Object{Kind: KindCond, Type: "sync.Cond", Name: "ready"})
	s.add(9, "In[5]", "In[5]:12", "await", line("await", "In[5]:16", "ready.Wait()")).waits(ReasonCond, Never, Case{Object: c})
	once := s.object(Object{Kind: KindOnce, Type: "sync.Once", Name: "once", Holders: []int64{10}})
	s.add(10, "In[5]", "In[5]:20", "setup", line("setup", "In[5]:22", "once.Do(setup)"), line("", "In[5]:20", "once.Do(setup)")).
		waits(ReasonOnce, Never, Case{Object: once})
	return s.done()
}

func inversionScene() *Snapshot {
	s := newScene("In[6]")
	a, b := s.mutex("a.mu"), s.mutex("b.mu")
	wg := s.object(Object{Kind: KindWaitGroup, Type: "sync.WaitGroup", Name: "wg", Count: 3})
	s.main(1, "In[6]", line("", "In[6]:30", "wg.Wait()")).waits(ReasonWaitGroup, Never, Case{Object: wg})
	s.add(7, "In[6]", "In[6]:20", "transfer", line("transfer", "In[6]:12", "to.mu.Lock()")).
		waits(ReasonLock, Never, Case{Object: b}).holding(a, "In[6]:10")
	s.add(8, "In[6]", "In[6]:21", "transfer", line("transfer", "In[6]:12", "to.mu.Lock()")).
		waits(ReasonLock, Never, Case{Object: a}).holding(b, "In[6]:10")
	s.add(9, "In[6]", "In[6]:22", "balance", line("balance", "In[6]:16", "a.mu.Lock()")).waits(ReasonLock, Never, Case{Object: a})
	wg.Reached = []Reference{{Goroutine: 7}, {Goroutine: 8}, {Goroutine: 9}}
	return s.done()
}

func philosopherScene() *Snapshot {
	s := newScene("In[7]")
	var forks []*Object
	for range 5 {
		forks = append(forks, s.mutex("forks[i]"))
	}
	for i := range 5 {
		s.add(int64(20+i), "In[7]", "In[7]:14", "philosopher", line("philosopher", "In[7]:9", "right.Lock()")).
			waits(ReasonLock, Never, Case{Object: forks[(i+1)%5]}).holding(forks[i], "In[7]:8")
	}
	table := s.object(Object{Kind: KindWaitGroup, Type: "sync.WaitGroup", Name: "table", Count: 5})
	for id := int64(20); id < 25; id++ {
		table.Reached = append(table.Reached, Reference{Goroutine: id})
	}
	s.main(1, "In[7]", line("", "In[7]:16", "table.Wait()")).waits(ReasonWaitGroup, Never, Case{Object: table})
	return s.done()
}

func waitBeforeReceiveScene() *Snapshot {
	s := newScene("In[8]")
	wg := s.object(Object{Kind: KindWaitGroup, Type: "sync.WaitGroup", Name: "wg", Count: 3})
	results := s.channel("results", "chan int", 0, 0, "In[8]:3", Reference{Goroutine: 1, Send: true, Receive: true})
	s.main(1, "In[8]", line("", "In[8]:13", "wg.Wait()")).waits(ReasonWaitGroup, Never, Case{Object: wg})
	for id := int64(18); id < 21; id++ {
		s.add(id, "In[8]", "In[8]:6", "square", line("square", "In[8]:9", "results <- n * n")).
			waits(ReasonSend, Never, Case{Send: true, Object: results})
		wg.Reached = append(wg.Reached, Reference{Goroutine: id})
	}
	s.add(4, "In[2]", "In[2]:3", "idle", line("idle", "In[2]:5", "<-wake")).
		waits(ReasonReceive, Later, Case{Object: s.channel("wake", "chan bool", 0, 0, "In[2]:1", Reference{Variable: "wake", Send: true, Receive: true})})
	return s.done()
}

func sendToSelfScene() *Snapshot {
	s := newScene("In[9]")
	ch := s.channel("ch", "chan int", 0, 0, "In[9]:1", Reference{Variable: "ch", Send: true, Receive: true})
	s.main(1, "In[9]", line("", "In[9]:2", "ch <- 1")).waits(ReasonSend, Later, Case{Send: true, Object: ch})
	return s.done()
}

func serviceScene() *Snapshot {
	s := newScene("In[11]")
	s.main(1, "In[11]", line("", "In[11]:8", "time.Sleep(d)")).State = Sleeping
	s.Goroutines[0].Reason = ReasonSleep
	s.Goroutines[0].Wait = &Wait{Since: ago(300 * time.Millisecond), Until: now.Add(700 * time.Millisecond)}
	g := s.add(7, "In[10]", "In[10]:4", "http.Server", line("", "In[10]:4", "go http.Serve(l, nil)"))
	g.State, g.Reason, g.Native, g.By = External, ReasonIO, "net/http.Serve", "net/http.Serve"
	tick := s.object(Object{Kind: KindChannel, Type: "<-chan time.Time", Name: "t.C", Cap: 1, Feed: "a ticker every 1s"})
	s.add(8, "In[10]", "In[10]:12", "heartbeat", line("heartbeat", "In[10]:15", "for range t.C {")).
		waits(ReasonReceive, Live, Case{Object: tick}).Hope = []string{"a ticker every 1s"}
	mu := s.mutex("mu")
	s.add(9, "In[11]", "In[11]:3", "count", line("count", "In[11]:5", "n++")).holding(mu, "In[11]:4")
	for id := int64(10); id < 13; id++ {
		s.add(id, "In[11]", "In[11]:3", "count", line("count", "In[11]:4", "mu.Lock()")).waits(ReasonLock, Live, Case{Object: mu}).
			Hope = []string{"goroutine 9"}
	}
	s.add(14, "In[11]", "In[11]:6", "ask", line("ask", "In[11]:7", "fmt.Scan(&name)")).State = External
	s.Goroutines[len(s.Goroutines)-1].Reason = ReasonInput
	opaque := s.channel("sig", "chan os.Signal", 0, 1, "In[10]:20")
	opaque.Opaque = "a function of package os/signal"
	s.add(15, "In[10]", "In[10]:22", "stop", line("stop", "In[10]:23", "<-sig")).waits(ReasonReceive, Unknown, Case{Object: opaque})
	return s.done()
}

func laterScene() *Snapshot {
	s := newScene("In[2]")
	jobs := s.channel("jobs", "chan int", 0, 0, "In[2]:1", Reference{Variable: "jobs", Send: true, Receive: true})
	for id := int64(5); id < 8; id++ {
		s.add(id, "In[2]", "In[2]:4", "worker", line("worker", "In[2]:9", "for j := range jobs {")).
			waits(ReasonReceive, Later, Case{Object: jobs}).Hope = []string{"jobs"}
	}
	return s.done()
}

func chineseScene() *Snapshot {
	s := newScene("In[12]")
	jobs := s.channel("任务队列", "chan 任务", 0, 3, "In[12]:2", Reference{Goroutine: 9, Send: true})
	lock := s.mutex("账户的互斥锁")
	s.main(1, "In[12]", line("", "In[12]:20", "等待组.Wait()")).
		waits(ReasonWaitGroup, Live, Case{Object: s.object(Object{Kind: KindWaitGroup, Type: "sync.WaitGroup", Name: "等待组", Count: 4,
			Reached: []Reference{{Goroutine: 7}, {Goroutine: 8}, {Goroutine: 9}}})})
	s.add(7, "In[12]", "In[12]:5", "工人", line("工人", "In[12]:8", "for 一项 := range 任务队列 { // 逐个处理")).waits(ReasonReceive, Live, Case{Object: jobs})
	s.add(8, "In[12]", "In[12]:6", "记账并发送非常长的一个中文函数名字用来测试宽度", line("记账", "In[12]:14", "账户的互斥锁.Lock()")).waits(ReasonLock, Live, Case{Object: lock})
	s.add(9, "In[12]", "In[12]:7", "派发", line("派发", "In[12]:17", "算()")).holding(lock, "In[12]:16")
	return s.done()
}

func hostileScene() *Snapshot {
	s := newScene("In[13]")
	bad := "<script>alert(1)</script>\"'&\uE000x\uE001\uE000" // with the marks of package prose
	o := s.channel(bad, "struct { "+bad+" }", 1, 2, bad, Reference{Goroutine: 8, Receive: true})
	s.add(7, "In[13]", bad, bad, line(bad, bad, bad+"\n\x1b[31m\xff")).waits(ReasonSend, Never, Case{Send: true, Object: o})
	g := s.add(8, "In[13]", "In[13]:2", "", line("", "In[13]:3", "")).waits(bad, Never, Case{Object: s.object(Object{Kind: bad, Feed: bad})})
	g.Native, g.By, g.Parent, g.Hope = bad, bad, 99, []string{bad}
	s.add(9, bad, "", "").waits(ReasonReceive, Later).Hope = []string{bad}
	return s.done()
}

func manyScene() *Snapshot {
	s := newScene("In[14]")
	for i := range 60 {
		o := s.channel(fmt.Sprintf("ch%d", i), "chan int", 0, 0, "In[14]:1")
		s.add(int64(100+i), "In[14]", "In[14]:3", fmt.Sprintf("f%d", i), line("f", fmt.Sprintf("In[14]:%d", 10+i), "v := <-c")).
			waits(ReasonReceive, Live, Case{Object: o})
		o.Reached = []Reference{{Goroutine: int64(1000 + i*100), Send: true}}
		for k := range i + 1 {
			s.add(int64(1000+i*100+k), "In[14]", "In[14]:4", fmt.Sprintf("g%d", i), line("g", "In[14]:80", "work()"))
		}
	}
	return s.done()
}

func unsearchedScene() *Snapshot {
	s := channelScene()
	s.Searched = false
	for _, g := range s.Goroutines {
		g.Verdict = Unknown
	}
	return s
}
