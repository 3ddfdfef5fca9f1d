package main

import "fmt"

type Speaker interface{ Hello() string }

type Ben struct{ name string }

func (b *Ben) Hello() string { return "I am Ben, " + b.name }

type Jerry struct{ name string }

func (j *Jerry) Hello() string { return "I am Jerry, " + j.name }

func main() {
	ben, jerry := &Ben{"Ben"}, &Jerry{"Jerry"}
	var maker Speaker = ben
	stop := make(chan bool)
	go func() {
		for range 1000 {
			maker = jerry
			maker = ben
		}
		close(stop)
	}()
	for range 100 {
		if s := maker.Hello(); s == "" {
			fmt.Println(s)
		}
	}
	<-stop
}
