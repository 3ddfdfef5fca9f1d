package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"
)

// constant writes down a constant value of type t. The type checker has computed
// it: the interpreter's own arithmetic of constants is not that of the language.
func (l *lowerer) constant(v constant.Value, t types.Type) ast.Expr {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		l.errorf(l.pos, "a constant of type %s cannot be written down", t)
		return l.ident("nil")
	}
	b = types.Default(b).(*types.Basic)
	lit := l.literal(v, b)
	switch b.Kind() {
	case types.Int, types.Bool, types.String:
		if n, ok := types.Unalias(t).(*types.Named); !ok || !l.isForeign(n) {
			return lit
		}
	}
	return l.call(l.typeExpr(t), lit)
}

// literal is a constant without its type.
func (l *lowerer) literal(v constant.Value, b *types.Basic) ast.Expr {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return l.ident(strconv.FormatBool(constant.BoolVal(v)))
	case info&types.IsString != 0:
		return l.str(constant.StringVal(v))
	case info&types.IsInteger != 0:
		return l.number(token.INT, constant.ToInt(v).ExactString())
	case info&types.IsFloat != 0:
		return l.float(constant.ToFloat(v), b)
	case info&types.IsComplex != 0:
		part := types.Typ[types.Float64]
		if b.Kind() == types.Complex64 {
			part = types.Typ[types.Float32]
		}
		c := constant.ToComplex(v)
		return l.call(l.ident("complex"),
			l.call(l.ident(part.Name()), l.float(constant.Real(c), part)),
			l.call(l.ident(part.Name()), l.float(constant.Imag(c), part)))
	}
	return l.ident("nil")
}

func (l *lowerer) float(v constant.Value, b *types.Basic) ast.Expr {
	bits := 64
	f, _ := constant.Float64Val(v)
	if b.Kind() == types.Float32 {
		bits = 32
		f32, _ := constant.Float32Val(v)
		f = float64(f32)
	}
	if math.IsInf(f, 0) {
		f = math.Copysign(math.MaxFloat64, f)
	}
	return l.number(token.FLOAT, strconv.FormatFloat(f, 'e', -1, bits))
}

// number is a literal, which may be negative.
func (l *lowerer) number(kind token.Token, text string) ast.Expr {
	if text[0] == '-' {
		return &ast.UnaryExpr{OpPos: l.pos, Op: token.SUB, X: &ast.BasicLit{ValuePos: l.pos, Kind: kind, Value: text[1:]}}
	}
	return &ast.BasicLit{ValuePos: l.pos, Kind: kind, Value: text}
}
