package progen

// User types seen by the standard library.
var libraryScenes = []script{
	{text: `
type $fT struct {
	Name  string ⟨` + "`json:\"n\"`" + `|` + "`json:\"name,omitempty\" xml:\"x\"`" + `|⟩
	Count $N
	Inner *$fU
	list  []int
	Any   any
}

type $fU struct {
	$fV
	X float64
}

type $fV struct{ Deep $T }

type $fE int

func (e $fE) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "e%d", int(e)), nil }
func (e $fE) String() string              { return "E" + strconv.Itoa(int(e)) }

func $f() {
	v := $fT{Name: $w, Count: $xN, Inner: &$fU{$fV{$xT}, 1.5}, list: []int{1}, Any: ⟨$fE(3)|nil|[]$fE{1, 2}|map[$fE]int{1: 2}|struct{ A, b int }{1, 2}|$fV{$xT}⟩}
	data, err := json.Marshal(v)
	fmt.Println(string(data), err)
	data, err = json.MarshalIndent(map[string]any{"v": v.Inner, "e": $fE(2), "l": []any{nil, 1.5, "x"}}, "", " ")
	fmt.Println(string(data), err)
	t := reflect.TypeOf(v)
	fmt.Println(t, t.Kind(), t.NumField(), t.Field(0).Tag, t.Name(), t.PkgPath())
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Println(f.Name, f.Type, f.IsExported(), f.Anonymous)
	}
	rv := reflect.ValueOf(&v).Elem()
	rv.FieldByName("Name").SetString("set")
	fmt.Println(v.Name, rv.Field(1).Interface(), reflect.DeepEqual(v, v), rv.Kind() == reflect.Struct, reflect.TypeOf($fE(1)).NumMethod())
}`, imports: []string{"encoding/json", "reflect", "strconv"}},
	{text: `
type $fBy []$fP
type $fP struct {
	name string
	age  int
}

func (b $fBy) Len() int           { return len(b) }
func (b $fBy) Less(i, j int) bool { return b[i].age ⟨<|>⟩ b[j].age }
func (b $fBy) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type $fHeap struct{ $fBy }

func (h *$fHeap) Push(x any) { h.$fBy = append(h.$fBy, x.($fP)) }
func (h *$fHeap) Pop() any {
	last := h.$fBy[len(h.$fBy)-1]
	h.$fBy = h.$fBy[:len(h.$fBy)-1]
	return last
}

func $f() {
	people := $fBy{{"a", 30}, {"b", $n}, {$w, 10 + $k}, {"d", 7}}
	⟨sort.Stable(people)|sort.Stable(sort.Reverse(people))⟩
	fmt.Println(people, sort.IsSorted(people))
	slices.SortStableFunc(people, func(a, b $fP) int { return ⟨strings.Compare(a.name, b.name)|a.age - b.age|len(b.name) - len(a.name)⟩ })
	fmt.Println(people[0], people.Len())
	h := &$fHeap{}
	for i := range ⟨3|5⟩ {
		heap.Push(h, $fP{fmt.Sprint("p", i), (i * 7) % 5})
	}
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
	i, ok := slices.BinarySearchFunc(people, 7, func(p $fP, age int) int { return p.age - age })
	fmt.Println(i >= 0, ok ⟨|| true|&& false⟩, slices.IndexFunc(people, func(p $fP) bool { return p.age == 7 }) >= 0)
	fmt.Println(slices.MaxFunc(people, func(a, b $fP) int { return a.age - b.age }).age, slices.Equal(people, slices.Clone(people)))
}`, imports: []string{"container/heap", "slices", "sort", "strings"}},
	{text: `
type $fErr struct{ code int }

func (e ⟨*|⟩$fErr) Error() string { return fmt.Sprint("code ", e.code) }
func (e $fErr) Is(target error) bool {
	t, ok := target.(*$fErr)
	return ok && t.code%10 == e.code%10
}

type $fOther string

func (o $fOther) Error() string   { return string(o) }
func (o $fOther) Timeout() bool { return len(o) > 2 }

func $f() {
	base := &$fErr{$k}
	var err error = fmt.Errorf("one: %w", fmt.Errorf("two: %w", base))
	fmt.Println(err, errors.Is(err, base), errors.Is(err, &$fErr{$k + ⟨10|1⟩}), errors.Is(err, $fOther("x")))
	var e *$fErr
	if errors.As(err, &e) {
		fmt.Println(e.code, e == base, errors.Unwrap(errors.Unwrap(err)) == error(base))
	}
	var o $fOther
	fmt.Println(errors.As(err, &o), o == "")
	err = errors.Join(err, $fOther($w), nil)
	fmt.Printf("%v|%q\n", err, errors.As(err, &o))
	var t interface{ Timeout() bool }
	fmt.Println(errors.As(err, &t), t != nil && t.Timeout(), o)
	both := fmt.Errorf("%w and %w", base, $fOther("z"))
	fmt.Println(both, errors.Is(both, $fOther("z")), errors.Is(both, io.EOF), errors.Unwrap(both) == nil)
	var nilErr *$fErr
	fmt.Println(error(nilErr) == nil, nilErr == nil, errors.Is(nil, base))
	if e, ok := errors.AsType[*$fErr](err); ok {
		fmt.Println("as type", e.code)
	}
	switch e := errors.Unwrap(fmt.Errorf("x %w", $fOther("y"))).(type) {
	case *$fErr:
		fmt.Println("err", e.code)
	case interface{ Timeout() bool }:
		fmt.Println("timeout", e.Timeout())
	}
}`, imports: []string{"errors", "io"}},
	{text: `
type $fG struct{ v int }

func (g $fG) GoString() string { return fmt.Sprintf("G!%d", g.v) }
func (g $fG) Format(s fmt.State, verb rune) {
	w, ok := s.Width()
	fmt.Fprintf(s, "<%c %d %v %v %v>", verb, w, ok, s.Flag('+'), g.v)
}

type $fS struct{ n int }

func (s *$fS) String() string { return fmt.Sprint("ptr ", s.n) }

type $fPanic struct{}

func (p $fPanic) String() string { panic(⟨"in String"|fmt.Errorf("err")⟩) }

type $fM map[string]*$fS

func (m $fM) Error() string { return fmt.Sprint("m", len(m)) }

func $f() {
	fmt.Printf("%v %+5v %#v %d\n", $fG{1}, $fG{2}, $fG{3}, []$fG{{4}})
	s := $fS{$n}
	fmt.Println(s, &s, []$fS{s}, []any{s, &s}, struct{ S *$fS }{nil}.S == nil)
	fmt.Printf("%v %s %+v\n", &s, &s, s)
	fmt.Println($fPanic{}, $fM{"a": nil}, error($fM{}))
	var np *$fS
	var ng fmt.Stringer
	fmt.Printf("%v %+v %s\n", ng, ng, ⟨$fM(nil)|[]any{nil}|error(nil)⟩)
	fmt.Println(np == nil, ng == nil)
	format := ⟨"%d %s %z %v\n"|"%s\n"|"%d %d %d %d %d\n"|"%[3]v %[1]v %v\n"|"%x %X %q\n"⟩
	fmt.Printf(format, "text", 42, 1.5, []string{"a"})
	fmt.Printf("%v %v %v %v\n", []int(nil), map[string]int(nil), (*int)(nil), error(nil))
	fmt.Printf("%#v %#v %#v %#v\n", []int(nil), map[string]int(nil), struct{}{}, [2]string{"a"})
	fmt.Printf("%T %T %T %T %T\n", nil, ng, np, func(int, ...string) (error, bool) { return nil, true }, make(<-chan []map[string]*$fS))
	fmt.Printf("%T %T %T\n", struct {
		A int ⟨` + "`json:\"n\"`" + `|` + "`json:\"name,omitempty\" xml:\"x\"`" + `|⟩
		b *$fS
	}{}, [3]any{}, map[$fG]chan<- error{})
	fmt.Println(time.Duration(1500)*time.Millisecond, []time.Duration{1, $k * time.Second}, time.March, map[string]time.Weekday{"d": 3})
	type hidden struct {
		time.Duration
		m time.Month
	}
	fmt.Printf("%v %+v\n", hidden{5, 2}, struct{ D time.Duration }{90 * time.Minute})
}`, imports: []string{"time"}},
	{text: `
type $fItem struct {
	Name  string
	Price float64
	tags  []string
}

func (i $fItem) Total(n int) float64 { return i.Price * float64(n) }
func (i *$fItem) Tags() []string    { return i.tags }

func $f() {
	t := template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse("{{range .}}{{.Name | up}} {{.Total 2}} {{range .Tags}}[{{.}}]{{else}}none{{end}};{{end}}\n"))
	err := t.Execute(os.Stdout, []*$fItem{{"a", 1.5, []string{"x", $w}}, {$w, $n, nil}})
	fmt.Println(err)
	var buf bytes.Buffer
	w := tabwriter.NewWriter(&buf, 0, 4, 1, '.', 0)
	fmt.Fprintf(w, "a\tb\n%v\t%v\n", $fItem{Name: "q"}, $k)
	w.Flush()
	fmt.Print(buf.String())
	sc := bufio.NewScanner(strings.NewReader("one two\nthree ⟨\n|⟩four"))
	sc.Split(⟨bufio.ScanWords|bufio.ScanLines⟩)
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	fmt.Println(sc.Err())
	r := rand.New(rand.NewPCG(1, $k))
	fmt.Println(r.IntN(100), r.IntN(100), r.Perm(4))
	var a, b int
	n, err := fmt.Sscan("3 4", &a, &b)
	fmt.Println(n, err, a+b)
}`, imports: []string{"bufio", "bytes", "math/rand/v2", "os", "strings", "text/tabwriter", "text/template"}},
	{text: `
type $fW struct {
	strings.Builder
	n int
}

func (w *$fW) Write(p []byte) (int, error) {
	w.n += len(p)
	⟨if w.n > 20 {
		return 0, io.ErrShortWrite
	}
	|⟩return w.Builder.Write(bytes.ToUpper(p))
}

type $fR struct {
	data string
	at   int
}

func (r *$fR) Read(p []byte) (int, error) {
	if r.at >= len(r.data) {
		return 0, io.EOF
	}
	n := copy(p, r.data[r.at:min(r.at+⟨1|3|100⟩, len(r.data))])
	r.at += n
	return n, nil
}

type $fLocked struct {
	sync.Mutex
	m map[string]int
}

func (l *$fLocked) Inc(k string) int {
	l.Lock()
	defer l.Unlock()
	l.m[k]++
	return l.m[k]
}

func $f() {
	w := &$fW{}
	n, err := fmt.Fprintf(w, "hello %d %s", $k, $w)
	fmt.Println(n, err, w.String(), w.n, w.Len())
	c, err := io.Copy(w, &$fR{data: "some data " + $w})
	fmt.Println(c > 0, err, w.String())
	all, err := io.ReadAll(io.TeeReader(&$fR{data: "abc"}, io.Discard))
	fmt.Println(string(all), err)
	var rw io.ReadWriter = struct {
		io.Reader
		io.Writer
	}{&$fR{data: "x"}, w}
	_, isW := rw.(io.StringWriter)
	b := make([]byte, 4)
	n, err = rw.Read(b)
	fmt.Println(isW, n, err, b)
	l := &$fLocked{m: map[string]int{}}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { l.Inc(fmt.Sprint(i % 2)) })
	}
	wg.Wait()
	fmt.Println(l.m, l.Inc("0"), l.TryLock())
}`, imports: []string{"bytes", "io", "strings", "sync"}},
}
