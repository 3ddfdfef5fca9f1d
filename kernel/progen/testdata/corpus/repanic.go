package main

func main() {
	defer func() { panic(recover()) }()
	defer func() {
		if r := recover(); r != nil {
			panic(r)
		}
	}()
	var m map[string]int
	m["x"] = 1
}
