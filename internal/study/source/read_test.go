package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, text string) (*Node, *Faults) {
	t.Helper()
	f := &Faults{File: NewFile("a.yaml", []byte(text))}
	return Read([]byte(text), f), f
}

// TestPositions: every key and value has the line and column at which it stands.
func TestPositions(t *testing.T) {
	root, f := read(t, "a: 1\nb:\n  - x\n  - {c: 0x10, 'd': [~]}\ne: &n {f: 1.5}\ng: *n\n")
	if f.Err() != nil {
		t.Fatal(f.Err())
	}
	var got []string
	var walk func(n *Node)
	note := func(at Position, what any) { got = append(got, fmt.Sprintf("%d:%d %v", at.Line, at.Column, what)) }
	walk = func(n *Node) {
		note(n.At, n)
		for _, item := range n.Items {
			walk(item)
		}
		for _, f := range n.Fields {
			note(f.At, f.Name)
			walk(f.Value)
		}
	}
	walk(root)
	want := []string{
		"1:1 a mapping", "1:1 a", "1:4 the number 1", "2:1 b", "3:3 a list", `3:5 the string "x"`, "4:5 a mapping", "4:6 c",
		"4:9 the number 0x10", "4:15 d",
		"4:20 a list", "4:21 nothing", "5:1 e", "5:4 a mapping", "5:8 f", "5:11 the number 1.5", "6:1 g", "5:4 a mapping",
		"5:8 f", "5:11 the number 1.5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if v, ok := root.Field("b").Value.Items[1].Field("c").Value.Number(); v != 16 || !ok {
		t.Errorf("0x10 is %v, %t", v, ok)
	}
}

// TestInside: a place within a text is that of its character in the file, with
// or without quotes.
func TestInside(t *testing.T) {
	root, f := read(t, "a: größer < 1\nb: 'x < yy'\n")
	for i, want := range []int{11, 7} {
		n := root.Fields[i].Value
		at := n.At
		at.File = f.File
		n.At = at
		if got := n.Inside(strings.Index(n.Text, "<")); got.Column != want || got.Line != i+1 {
			t.Errorf("< stands at %d:%d, want %d:%d", got.Line, got.Column, i+1, want)
		}
	}
}

// TestErrorsInOrder: those of the file, then of files below it, then of overrides;
// each once.
func TestErrorsInOrder(t *testing.T) {
	under := NewFile("under.yaml", []byte("x\ny"))
	f := &Faults{File: NewFile("a.yaml", []byte("one\ntwo")), Under: []*File{under}, Sets: []string{"p=1", "q=2"}}
	f.Add(Position{Set: "q=2"}, "fifth")
	f.Add(Position{Set: "p=1"}, "fourth")
	f.Add(Position{File: under, Line: 1, Column: 1}, "third")
	f.Add(Position{Line: 2, Column: 2}, "second")
	f.Add(Position{Line: 2, Column: 1}, "first")
	f.Add(Position{Line: 2, Column: 1}, "first")
	want := "a.yaml:2:1: first\na.yaml:2:2: second\nunder.yaml:1:1: third\n--set p=1: fourth\n--set q=2: fifth"
	if got := f.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
