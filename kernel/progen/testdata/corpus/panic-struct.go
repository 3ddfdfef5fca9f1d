package main

func main() {
	panic(struct{ A int }{1})
}
