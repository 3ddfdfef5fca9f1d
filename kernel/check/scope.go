package check

import (
	"go/token"
	"go/types"
)

// sessionScope is where names of earlier cells are looked up: a chain of scopes
// below the universe, a new one for each cell that was committed, so that a check
// need not copy what the session holds. Checks leave traces in it: types.Scope
// keeps its children. Now and then it is made anew.
type sessionScope struct {
	top  *types.Scope // nil when it has to be made
	used int          // how often something was put below it
}

// maxScopeUses is how many checks and commits a scope lives for.
const maxScopeUses = 256

func newScope(parent *types.Scope) *types.Scope {
	return types.NewScope(parent, token.NoPos, token.NoPos, "session")
}

// names returns the scope of the session's objects.
func (s *Session) names() *types.Scope {
	if s.scope.used++; s.scope.top == nil || s.scope.used > maxScopeUses {
		s.scope = sessionScope{top: newScope(newScope(types.Universe))}
		for _, o := range s.objects {
			s.insert(o)
		}
		for name, o := range s.dots {
			if s.objects[name] == nil {
				s.scope.top.Insert(o)
			}
		}
	}
	return s.scope.top
}

// insert makes an object known in the top scope. Methods are found by their
// types, and packages are looked up by each cell.
func (s *Session) insert(o *Object) {
	if _, isPackage := o.Object.(*types.PkgName); !isPackage && !o.Method() {
		s.scope.top.Insert(o.Object)
	}
}

// addNames makes what was committed known.
func (s *Session) addNames(committed []*Object) {
	if s.scope.top == nil {
		return
	}
	s.scope.used++
	s.scope.top = newScope(s.scope.top)
	for _, o := range committed {
		if s.objects[o.Key] == o {
			s.insert(o)
		}
	}
}
