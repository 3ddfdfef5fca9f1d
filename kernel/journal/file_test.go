//go:build unix

package journal

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestMain(m *testing.M) {
	switch os.Getenv("JOURNAL_TEST") {
	case "":
		os.Exit(m.Run())
	case "write":
		w, err := Inherited()
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		w.Append(Key{7, true}, "last words")
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "none":
		_, err := Inherited()
		fmt.Print(err)
	}
}

func child(act string, third *os.File) ([]byte, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST="+act)
	if third != nil {
		cmd.ExtraFiles = []*os.File{nil, nil, third}
	}
	return cmd.Output()
}

func TestWordsOutliveTheirProcess(t *testing.T) {
	file, err := Create()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if out, err := child("write", file); err == nil || len(out) > 0 {
		t.Fatalf("the child ended with %v: %s", err, out)
	}
	records, err := Read(file, 0)
	if err != nil || len(records) != 1 || records[0].Key != (Key{7, true}) || string(records[0].Text) != "last words" {
		t.Errorf("read %v, %v", records, err)
	}
}

func TestProcessWithoutJournal(t *testing.T) {
	other, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	blank, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer blank.Close()
	blank.Truncate(Size)
	for _, third := range []*os.File{nil, other, blank} {
		out, err := child("none", third)
		if err != nil || !bytes.Equal(out, []byte(errNone.Error())) {
			t.Errorf("the child says %q, %v", out, err)
		}
	}
}
