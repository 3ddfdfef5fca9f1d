package mathml

import (
	"html"
	"strings"
	"sync"
)

// symbol is what a command without arguments stands for.
type symbol struct {
	element string // mi or mo
	text    string
	limits  bool
	upright bool
	name    bool // of a function, such as log: with space around it
}

func (s symbol) node() node {
	attribute := ""
	if s.upright {
		attribute = ` mathvariant="normal"`
	}
	if s.element == "mo" && strings.Contains("⟨⟩⌊⌋⌈⌉{}|‖", s.text) {
		attribute = ` stretchy="false"`
	}
	return node{xml: "<" + s.element + attribute + ">" + html.EscapeString(s.text) + "</" + s.element + ">", limits: s.limits}
}

// symbols is made when the first formula is converted: most processes of the
// program have none.
var symbols = sync.OnceValue(func() map[string]symbol {
	all := map[string]symbol{}
	add := func(list string, s symbol) {
		words := strings.Fields(list)
		for i := 0; i+1 < len(words); i += 2 {
			s.text = words[i+1]
			all[words[i]] = s
		}
	}
	add(`alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
		lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ
		varphi φ chi χ psi ψ omega ω ell ℓ imath ı jmath ȷ`, symbol{element: "mi"})
	add(`Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ hbar ℏ Re ℜ Im ℑ
		aleph ℵ emptyset ∅ varnothing ∅ partial ∂ nabla ∇ top ⊤ bot ⊥ wp ℘ ldots … dots … dotsc … cdots ⋯ dotsb ⋯ vdots ⋮ ddots ⋱
		% % # # & & _ _ $ $ degree ° checkmark ✓ square □ Box □ blacksquare ■ diamond ⋄ star ⋆ ast ∗ S § angle ∠ triangle △`, symbol{element: "mi", upright: true})
	add(`times × cdot ⋅ div ÷ pm ± mp ∓ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔
		vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ amalg ⨿ dagger † ddagger ‡
		le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ lt < gt > ne ≠ neq ≠ equiv ≡ sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ ll ≪ gg ≫ doteq ≐ coloneqq ≔
		prec ≺ preceq ⪯ succ ≻ succeq ⪰ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ in ∈ notin ∉ ni ∋ vdash ⊢ dashv ⊣ models ⊨ perp ⊥ mid ∣ nmid ∤ parallel ∥
		forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ therefore ∴ because ∵ colon : prime ′
		to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ mapsto ↦ longmapsto ⟼
		longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ hookrightarrow ↪ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ leadsto ⇝ rightsquigarrow ⇝ rightleftharpoons ⇌ nearrow ↗ searrow ↘
		langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ { { } } lbrace { rbrace } lvert | rvert | vert | | ‖ lVert ‖ rVert ‖ Vert ‖ backslash \ lbrack [ rbrack ] bmod mod`, symbol{element: "mo"})
	add(`sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀`, symbol{element: "mo", limits: true})
	add(`int ∫ iint ∬ iiint ∭ oint ∮`, symbol{element: "mo"})
	for _, name := range strings.Fields(`arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh`) {
		all[name] = symbol{element: "mo", text: name, name: true}
	}
	for _, name := range strings.Fields(`det gcd inf lim liminf limsup max min Pr sup argmax argmin`) {
		text := strings.NewReplacer("liminf", "lim\u00a0inf", "limsup", "lim\u00a0sup", "arg", "arg\u00a0").Replace(name)
		all[name] = symbol{element: "mo", text: text, limits: true, name: true}
	}
	return all
})

var spaces = map[string]string{",": "0.17em", ":": "0.22em", ">": "0.22em", ";": "0.28em", "!": "-0.17em", " ": "0.33em", "\n": "0.33em",
	"quad": "1em", "qquad": "2em", "enspace": "0.5em", "thinspace": "0.17em"}

// accent is a sign over or under something.
type accent struct {
	sign    string
	stretch bool
	under   bool
	limits  bool
}

func (a accent) mo() string {
	if a.stretch {
		return `<mo stretchy="true">` + a.sign + "</mo>"
	}
	return `<mo stretchy="false">` + a.sign + "</mo>"
}

var accents = map[string]accent{
	"hat": {sign: "^"}, "check": {sign: "ˇ"}, "tilde": {sign: "~"}, "acute": {sign: "´"}, "grave": {sign: "`"}, "dot": {sign: "˙"}, "ddot": {sign: "¨"},
	"breve": {sign: "˘"}, "bar": {sign: "¯"}, "vec": {sign: "→"}, "mathring": {sign: "˚"},
	"widehat": {sign: "^", stretch: true}, "widetilde": {sign: "~", stretch: true}, "overline": {sign: "‾", stretch: true},
	"overrightarrow": {sign: "→", stretch: true}, "overleftarrow": {sign: "←", stretch: true},
	"overbrace":  {sign: "⏞", stretch: true, limits: true},
	"underbrace": {sign: "⏟", stretch: true, under: true, limits: true}, "underline": {sign: "_", stretch: true, under: true},
}

var sizes = map[string]string{"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}

var delimiters = map[string]string{".": "", "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩",
	`\{`: "{", `\}`: "}", `\lbrace`: "{", `\rbrace`: "}", `\lbrack`: "[", `\rbrack`: "]", `\langle`: "⟨", `\rangle`: "⟩", `\lfloor`: "⌊", `\rfloor`: "⌋",
	`\lceil`: "⌈", `\rceil`: "⌉", `\|`: "‖", `\vert`: "|", `\lvert`: "|", `\rvert`: "|", `\Vert`: "‖", `\lVert`: "‖", `\rVert`: "‖", `\backslash`: `\`,
	`\uparrow`: "↑", `\downarrow`: "↓", `\updownarrow`: "↕"}

// alphabet is a set of letters of Unicode's block of mathematical alphanumerics.
type alphabet struct {
	upper, lower, digit rune          // of A, a and 0; 0 for none
	other               map[rune]rune // that stand elsewhere in Unicode
	upright             bool          // plain letters, upright
}

var scriptLetters = map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ', 'o': 'ℴ'}

var alphabets = map[string]*alphabet{
	"mathrm":     {upright: true},
	"mathnormal": nil,
	"mathit":     nil,
	"mathbf":     {upper: '𝐀', lower: '𝐚', digit: '𝟎'},
	"boldsymbol": {upper: '𝑨', lower: '𝒂', digit: '𝟎'},
	"bm":         {upper: '𝑨', lower: '𝒂', digit: '𝟎'},
	"mathcal":    {upper: '𝒜', lower: '𝒶', other: scriptLetters},
	"mathscr":    {upper: '𝒜', lower: '𝒶', other: scriptLetters},
	"mathfrak":   {upper: '𝔄', lower: '𝔞', other: map[rune]rune{'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'}},
	"mathbb":     {upper: '𝔸', lower: '𝕒', digit: '𝟘', other: map[rune]rune{'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'}},
	"mathsf":     {upper: '𝖠', lower: '𝖺', digit: '𝟢'},
	"mathtt":     {upper: '𝙰', lower: '𝚊', digit: '𝟶'},
}

// letter is a variable.
func (a *alphabet) letter(r rune) string {
	switch {
	case a == nil:
		return "<mi>" + string(r) + "</mi>"
	case a.upright:
		return `<mi mathvariant="normal">` + string(r) + "</mi>"
	}
	return "<mi>" + string(a.of(r)) + "</mi>"
}

// text is a text in the alphabet.
func (a *alphabet) text(s string) string {
	if a == nil || a.upright {
		return s
	}
	return strings.Map(a.of, s)
}

func (a *alphabet) of(r rune) rune {
	if other, ok := a.other[r]; ok {
		return other
	}
	for _, part := range []struct{ first, last, to rune }{{'A', 'Z', a.upper}, {'a', 'z', a.lower}, {'0', '9', a.digit}} {
		if part.first <= r && r <= part.last && part.to != 0 {
			return part.to + r - part.first
		}
	}
	return r
}
