package main

import (
	"fmt"
	"time"
)

type Account struct {
	name    string
	balance int
}

func (a *Account) Deposit(n int) {
	a.balance += n
}

func pay(a *Account, after time.Duration, done chan<- bool) {
	time.Sleep(after)
	a.Deposit(10)
	done <- true
}

func main() {
	account := &Account{name: "Ada"}
	done := make(chan bool, 2)
	go pay(account, 0, done)
	go pay(account, 20*time.Millisecond, done)
	<-done
	<-done
	fmt.Println(account.balance)
}
