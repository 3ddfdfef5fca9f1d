package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// treeMemory returns the memory of a process and its descendants, in bytes.
// Pages that several of them share count once (PSS).
func treeMemory(pid int) (int64, error) {
	children, err := childrenByParent()
	if err != nil {
		return 0, err
	}
	var sum int64
	for todo := []int{pid}; len(todo) > 0; todo = todo[1:] {
		pss, err := processMemory(todo[0])
		if err != nil {
			return 0, err
		}
		sum += pss
		todo = append(todo, children[todo[0]]...)
	}
	return sum, nil
}

func childrenByParent() (map[int][]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	children := make(map[int][]int)
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// The name in the second field may hold anything; the parent is the
		// second field after its closing parenthesis.
		fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || len(fields) < 2 {
			return nil, fmt.Errorf("%s is not as expected", path)
		}
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("%s is not as expected", path)
		}
		children[parent] = append(children[parent], pid)
	}
	return children, nil
}

func processMemory(pid int) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "Pss:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("%s has no Pss", f.Name())
}
