package main

import "fmt"

func sum(list ...int) (total int) {
	for _, x := range list {
		total += x
	}
	return
}

func main() {
	for j := 3; j <= 5; j++ {
		fmt.Println(sum(j))
	}
}
