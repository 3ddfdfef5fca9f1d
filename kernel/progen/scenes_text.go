package progen

// Strings, runes, bytes, formatting.
var textScenes = []script{
	{text: `
func $f() {
	s := ⟨"héllo, 世界"|"a\x80b"|"Ünïcode"|$w + "ß"⟩
	b, r := []byte(s), []rune(s)
	fmt.Println(len(s), len(b), len(r), string(b) == s, string(r) == s)
	b[0] = 'X'
	r[len(r)-1] = ⟨'é'|'!'|0x1F600|-1⟩
	fmt.Println(s, string(r), utf8.ValidString(s))
	fmt.Printf("%q %x %v %c %U\n", b, s, r[:1], r[0], r[0])
	fmt.Println(s[0], s[1:3], string(s[0]), string(rune(⟨65|0x4e16|-1|1114112⟩)), "a" < s, s+"x" > s)
	type text string
	type bytes []byte
	t := text(s)
	fmt.Println(len(t), string(t[:1]), string(bytes(t)) == s, text(bytes("q"))+t[:0], t ⟨==|!=⟩ text(s))
	fmt.Println(strings.Fields(" a b  c "), strings.Split("a,b,c", ","), strings.Map(func(r rune) rune { return r + 1 }, "abc"), strings.Title("go"))
	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d-", i)
		sb.WriteString($w)
		sb.WriteByte('a' + byte(i))
	}
	fmt.Println(sb.Len(), sb.String(), strings.EqualFold("Go", "GO"), strings.Join([]string{"x", $w}, "+"))
	s += "end"
	copy(b, "zz")
	b = append(b, "tail"...)
	fmt.Println(s, len(b), string(b[:2]), 'a'+1, 'x'-'a', string([]byte{104, 105}))
}`, imports: []string{"strings", "unicode/utf8"}},
	{text: `
type $fS struct {
	A   int
	b   string
	C   []float64
	m   map[string]bool
	Any any
	arr [2]uint8
}

type $fN int
type $fText string

func (n $fN) String() string { return fmt.Sprintf("N(%d)", int(n)) }

func $f() {
	v := $fS{$n, $w, []float64{1, 2.5}, map[string]bool{"z": true, "a": false}, ⟨nil|$fN(3)|"any"|$fText("t")|[]int{1}⟩, [2]uint8{1, 2}}
	fmt.Printf("%v\n%+v\n%#v\n%T\n", v, v, v, v)
	fmt.Println(v, []any{nil, $n, $w, $fN(1), $fText("x"), 'r', 1.0, true, struct{}{}})
	fmt.Printf("%v %d %s %x %q %#v %T|%5v|%-6v|\n", $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7))
	fmt.Printf("%v %s %q %x %#v %8s|\n", $fText("a"), $fText("b"), $fText("c"), $fText("d"), $fText("e"), $fText("f"))
	fmt.Printf("%v %+v %#v %v\n", []$fN{1, 2}, map[$fN]$fText{1: "a"}, []$fText{"x"}, [2]$fN{})
	fmt.Printf("%v %+v %#v\n", struct {
		X $fN
		y *int
	}{1, nil}, struct{ $fN }{4}, struct{ P $fText }{"p"})
	fmt.Printf("%6.2f|%-8q|%+d|%08b|%x|%X|%c|%U|%e|%t|%%|%3c|%#x|%#o|% d\n", 3.14159, $w, $k, $k, $w, $k, 'A'+$n, '世', 12345.678, true, 'z', $k, $k, $k)
	fmt.Printf("%*d|%-*d|%.*f|%[2]d %[1]d|%v\n", 5, 42, 4, 7, 2, 3.14159, nil)
	fmt.Printf("%s %v %d %v\n", []byte("hi"), []byte("hi"), []byte("hi"), [3]byte{1, 2, 3})
	fmt.Printf("%s %v %s\n", []string{"a", $w}, []error{errors.New("e"), nil}, errors.New("x"))
	fmt.Printf("%v %v %+v\n", &v.arr, &[]int{1}, &struct{ A, B int }{1, 2})
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, $fN(1), $fN(2)), fmt.Sprintln("x", $w) == "")
	fmt.Printf("%d %s\n", []any{1, "a"}, []any{"b", 2})
}`, imports: []string{"errors"}},
	{text: `
type $fP struct {
	Name string ⟨` + "`json:\"name\"`" + `|` + "`json:\"n,omitempty\"`" + `|⟩
	Age  int    
	priv int
	Tags []string
	Sub  *$fQ
}

type $fQ struct{ V $O }

func $f() {
	p := $fP{Name: $w, Age: $k, priv: 1, Sub: &$fQ{$xO}}
	data, err := json.Marshal(p)
	fmt.Println(string(data), err)
	var q $fP
	fmt.Println(json.Unmarshal(data, &q), q.Name == p.Name, q.Age, q.priv, q.Sub.V == p.Sub.V, q.Tags == nil)
	var back map[string]any
	err = json.Unmarshal(data, &back)
	fmt.Println(len(back), back["Age"], err)
	data, err = json.Marshal(map[string]any{"b": []int{1}, "a": $fQ{}, "c": nil})
	fmt.Println(string(data), err)
	n, err := strconv.Atoi(⟨"12"|"x1"|"999999999999999999999"⟩)
	fmt.Println(n, err)
	b, err := strconv.ParseBool(⟨"true"|"maybe"⟩)
	fmt.Println(b, err)
	var x, y int
	c, err := fmt.Sscanf("7-8", "%d-%d", &x, &y)
	fmt.Println(c, err, x, y)
	people := []$fP{{Name: "b", Age: 2}, {Name: "a", Age: 2}, {Name: "c", Age: $n}}
	sort.Slice(people, func(i, j int) bool { return people[i].Age < people[j].Age || people[i].Age == people[j].Age && people[i].Name < people[j].Name })
	for _, p := range people {
		fmt.Print(p.Name, p.Age, " ")
	}
	fmt.Println(sort.SearchInts([]int{1, 3, 5}, $n))
}`, imports: []string{"encoding/json", "sort", "strconv"}},
}
