package main

import "fmt"

type Speaker interface{ Hello() string }

type Ben struct{ name string }

func (b *Ben) Hello() string { return "I am Ben, " + b.name }

type Jerry struct{ name string }

func (j *Jerry) Hello() string { return "I am Jerry, " + j.name }

func main() {
	speakers := []Speaker{&Ben{"Ben"}, &Jerry{"Jerry"}}
	maker := speakers[0]
	stop := make(chan bool)
	go func() {
		for i := range 1000 {
			maker = speakers[i%2]
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
