package progen

// What is rare: local types, new of a value, generic aliases, shadowed types.
var rareScenes = []script{
	{text: `
func $f() {
	type pair struct{ a, b int }
	type list []pair
	l := list{{1, 2}, {$n, $k}}
	fmt.Printf("%v %+v %T %T\n", l, l, l, l[0])
	func() {
		type pair struct{ s string }
		fmt.Printf("%v %T %v\n", pair{$w}, pair{}, any(pair{}) == any(l[0]))
	}()
	p := new(⟨pair{3, 4}|$k|$w|l[1]|len(l)⟩)
	q := p
	fmt.Printf("%v %T\n", *q, p)
	type int = string
	var i int = "text"
	fmt.Println(i, len(i))
	type node struct {
		next *node
		v    uint8
	}
	var head *node
	for v := range uint8(⟨3|4⟩) {
		head = &node{head, v * 100}
	}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	fmt.Println(head.next.next.v, *head.next != *head)
	x := struct {
		pair
		*node
	}{pair{1, 2}, head}
	x.v, x.a = 9, 8
	fmt.Println(x.pair, head.v, x.node == head)
	m := map[pair]*list{{1, 2}: &l}
	(*m[pair{1, 2}])[0].a = ⟨55|-1⟩
	fmt.Println(l[0], len(*m[pair{1, 2}]))
}`},
	{text: `
type $fVec[T ~int | ~float64] [3]T
type $fMat[T ~int | ~float64] = [2]$fVec[T]

func (v $fVec[T]) Dot(w $fVec[T]) (s T) {
	for i := range v {
		s += v[i] * w[i]
	}
	return
}

func (v *$fVec[T]) Scale(k T) *$fVec[T] {
	for i := range v {
		v[i] *= k
	}
	return v
}

type $fMyInt int

type $fGraph[K comparable] struct {
	edges map[K][]K
	seen  map[K]bool
}

func (g *$fGraph[K]) Edge(a, b K) *$fGraph[K] {
	if g.edges == nil {
		g.edges = map[K][]K{}
	}
	g.edges[a] = append(g.edges[a], b)
	return g
}

func (g *$fGraph[K]) Visit(k K, f func(K)) {
	if g.seen == nil {
		g.seen = make(map[K]bool)
	}
	if g.seen[k] {
		return
	}
	g.seen[k] = true
	f(k)
	for _, n := range g.edges[k] {
		g.Visit(n, f)
	}
}

type $fCache[K comparable, V any] struct {
	$fGraph[K]
	vals  map[K]V
	order []K
	make  func(K) (V, error)
}

func (c *$fCache[K, V]) Get(k K) (v V, err error) {
	if v, ok := c.vals[k]; ok {
		return v, nil
	}
	defer func() {
		if err == nil {
			c.vals[k] = v
			c.order = append(c.order, k)
		}
	}()
	return c.make(k)
}

func $f() {
	v := $fVec[int]{1, 2, $n}
	fmt.Println(v.Dot(v), *v.Scale(2), v, v == $fVec[int]{2, 4, 6})
	m := $fMat[float64]{{1}, {1: 0.5}}
	m[1].Scale(4)
	fmt.Printf("%v %T %T\n", m, m, m[0])
	fmt.Println($fVec[$fMyInt]{1, 2}.Dot($fVec[$fMyInt]{3}), fmt.Sprintf("%T", $fVec[$fMyInt]{}))
	g := new($fGraph[$T]).Edge($xT, $xT)
	n := 0
	g.Visit($xT, func($T) { n++ })
	fmt.Println(n > 0, len(g.edges))
	s := (&$fGraph[string]{}).Edge("a", "b").Edge("b", "c").Edge("c", "a").Edge("a", $w)
	s.Visit("a", func(k string) { fmt.Printf("%q ", k) })
	fmt.Println(len(s.seen))
	c := $fCache[int, string]{vals: map[int]string{}, make: func(k int) (string, error) {
		if k < 0 {
			return "", fmt.Errorf("no %d", k)
		}
		return fmt.Sprint("made ", k), nil
	}}
	for _, k := range []int{1, -1, 1, $n} {
		fmt.Println(c.Get(k))
	}
	c.Edge(1, 2)
	fmt.Println(c.order, c.vals, c.edges)
	fmt.Printf("%T\n", c)
}`},
	{text: `
type $fState func(*$fM) $fState

type $fM struct {
	in  []rune
	out []string
	pos int
}

func $fWord(m *$fM) $fState {
	start := m.pos
	for m.pos < len(m.in) && m.in[m.pos] != ' ' {
		m.pos++
	}
	m.out = append(m.out, string(m.in[start:m.pos]))
	if m.pos == len(m.in) {
		return nil
	}
	return $fSpace
}

func $fSpace(m *$fM) $fState {
	for ; m.pos < len(m.in) && m.in[m.pos] == ' '; m.pos++ {
	}
	if m.pos == len(m.in) {
		return nil
	}
	return $fWord
}

type $fExpr interface{ Eval(env map[string]int) int }
type $fNum int
type $fVar string
type $fBin struct {
	op   byte
	l, r $fExpr
}

func (n $fNum) Eval(map[string]int) int     { return int(n) }
func (v $fVar) Eval(env map[string]int) int { return env[string(v)] }
func (b $fBin) Eval(env map[string]int) int {
	l, r := b.l.Eval(env), b.r.Eval(env)
	switch b.op {
	case '+':
		return l + r
	case '*':
		return l * r
	case '/':
		return l / r
	}
	panic(fmt.Sprintf("bad op %q", b.op))
}

func $f() {
	m := &$fM{in: []rune("ab  c ⟨d|é日 |⟩x" + $w)}
	for s := $fState($fWord); s != nil; s = s(m) {
	}
	fmt.Printf("%q %d\n", m.out, len(m.in))
	e := $fBin{'+', $fNum($n), $fBin{⟨'*'|'/'|'-'⟩, $fVar("x"), $fVar(⟨"y"|"x"⟩)}}
	$htry("eval", func() { fmt.Println(e.Eval(map[string]int{"x": $k + 1})) })
	fmt.Printf("%v %+v %T\n", e, e, e.l)
	var exprs []$fExpr = []$fExpr{$fNum(1), $fVar("x"), e, nil}
	for _, x := range exprs {
		switch x := x.(type) {
		case $fNum, $fVar:
			fmt.Printf("%T %v\n", x, x)
		case $fBin:
			fmt.Println(string(x.op), x.l == $fExpr($fNum($n)), x == e)
		case nil:
			fmt.Println("nil", x == nil)
		}
	}
}`},
	{text: `
type $fB struct{ id int }

func (b $fB) ID() int      { return b.id }
func (b *$fB) SetID(n int) { b.id = n }

type $fMid struct {
	*$fB
	Name string
}
type $fTop struct {
	$fMid
	err error
	id  string
}

type $fIDer interface{ ID() int }

func $fSwap[T any](a, b *T) { *a, *b = *b, *a }

func $f() {
	t := $fTop{$fMid{&$fB{$n}, $w}, nil, "top"}
	u := t
	u.SetID(70)
	u.Name = "changed"
	fmt.Println(t.ID(), u.ID(), t.id, t.$fB.id, t.Name, u.Name, t.$fB == u.$fB, t == u)
	f, g, h := t.ID, $fTop.ID, (*$fTop).SetID
	h(&t, 5)
	fmt.Println(f(), g(t), $fIDer(t).ID(), $fIDer(&t).ID(), $fIDer(t.$fMid).ID())
	a, b := [2]$fTop{t}, [2]$fTop{1: u}
	$fSwap(&a, &b)
	$fSwap(&a[0].Name, &b[0].Name)
	fmt.Println(a[0].Name, b[0].Name, a[1].id, b[1].$fB == nil)
	$htry("nil embedded", func() { fmt.Println(b[1].ID()) })
	i := any(t)
	t.id = "after"
	fmt.Println(i.($fTop).id, i == any(t), i.($fIDer) != nil)
	ps := [...]*int{new(int), nil, &t.$fB.id}
	*ps[0], *ps[2] = 3, 4
	fmt.Println(*ps[0]**ps[2], ps[1] == nil, t.ID(), u.ID())
	s := [][]int{{1}, {2, 3}, nil}
	c := append([][]int(nil), s...)
	c[1][0] = 99
	c[2] = append(c[2], 7)
	fmt.Println(s, c, len(s[2]), cap(s[0][:0:1]))
	s = append(s[:1], s[2:]...)
	fmt.Println(s, len(s), copy(c, c[1:]), c)
	mm := map[string]struct{ n int }{"a": {1}}
	x := mm["a"]
	x.n = 5
	mm["b"] = x
	fmt.Println(mm, mm["zz"].n)
}`},
	{text: `
func $f() {
	events := make(chan string, 10)
	ticks, stop := make(chan int), make(chan struct{})
	go func() {
		defer close(stop)
		for i := range ⟨3|5⟩ {
			ticks <- i
		}
	}()
loop:
	for {
		select {
		case n := <-ticks:
			if n == ⟨1|9⟩ {
				continue loop
			}
			events <- fmt.Sprint("tick ", n)
		case <-stop:
			break loop
		}
	}
	close(events)
	for e := range events {
		fmt.Println(e)
	}
	var mu sync.RWMutex
	cond := sync.NewCond(&sync.Mutex{})
	ready, total := false, 0
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func(k int) {
			defer wg.Done()
			cond.L.Lock()
			for !ready {
				cond.Wait()
			}
			cond.L.Unlock()
			mu.Lock()
			total += k * i
			mu.Unlock()
		}(i + $n)
	}
	cond.L.Lock()
	ready = true
	cond.Broadcast()
	cond.L.Unlock()
	wg.Wait()
	mu.RLock()
	fmt.Println(total)
	mu.RUnlock()
	sem := make(chan struct{}, 2)
	res := make([]string, 4)
	for i, w := range []string{"a", "b", $w, "d"} {
		wg.Add(1)
		sem <- struct{}{}
		go func() {
			defer func() {
				if r := recover(); r != nil {
					res[i] = fmt.Sprint("panic ", r)
				}
				<-sem
				wg.Done()
			}()
			if i == ⟨1|3|8⟩ {
				var p *struct{ x int }
				p.x = 1
			}
			res[i] = w + w
		}()
	}
	wg.Wait()
	fmt.Printf("%q\n", res)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx) == context.DeadlineExceeded)
	v := sync.OnceValue(func() int { fmt.Println("computed"); return $k })
	fmt.Println(v(), v())
	var m sync.Map
	m.Store("k", $n)
	got, ok := m.Load("k")
	fmt.Println(got, ok)
	fns := make(chan func() int, 1)
	fns <- func() int { return len(res) }
	fmt.Println((<-fns)())
}`, imports: []string{"context", "sync", "time"}},
}
