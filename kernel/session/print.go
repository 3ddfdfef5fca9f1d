package session

import (
	"fmt"
	"reflect"

	"github.com/chanbook/chanbook/kernel/cell"
)

// printFunctions are the functions of fmt that print to standard output or read
// from standard input, which are the cell's.
func (s *Session) printFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Print":   reflect.ValueOf(func(a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprint(a...)) }),
		"Printf":  reflect.ValueOf(func(f string, a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprintf(f, a...)) }),
		"Println": reflect.ValueOf(func(a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprintln(a...)) }),
		"Scan":    reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(s.stdin, a...) }),
		"Scanf":   reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fscanf(s.stdin, f, a...) }),
		"Scanln":  reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(s.stdin, a...) }),
	}
}
