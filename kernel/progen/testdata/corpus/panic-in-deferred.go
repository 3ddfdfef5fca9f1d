package main

import (
	"errors"
	"fmt"
)

type code int

func (c code) Error() string { return fmt.Sprint("code ", int(c)) }

func main() {
	defer func() { panic(fmt.Sprint("again ", recover())) }()
	defer func() { panic(code(2)) }()
	panic(errors.New("first"))
}
