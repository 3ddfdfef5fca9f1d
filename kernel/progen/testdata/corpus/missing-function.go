package main

import "fmt"

type F func(int) int

var ops = map[string]F{
	"inc": func(x int) int { return x + 1 },
}

func main() {
	for _, name := range []string{"inc", "none"} {
		if op, ok := ops[name]; ok {
			fmt.Println(name, op(3))
		} else {
			fmt.Println(name, op == nil)
		}
	}
}
