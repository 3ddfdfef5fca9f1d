// Package mathml converts formulas as notebooks have them, in the subset of TeX
// that MathJax is mostly used with, to MathML Core, which browsers draw without
// any script: fractions, scripts, roots, Greek, operators, text, alphabets,
// accents, growing brackets, sums and limits, matrices, cases and aligned lines.
//
// It defines no macros, numbers no equations and knows no colours. A formula with
// something that it does not know is refused as a whole: half of a formula may say
// something else than its author.
package mathml
