package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// terminalOf is what a terminal of so many rows shows after it was sent text, by
// the few commands of ECMA-48 that a screen uses.
func terminalOf(t *testing.T, height int, sent string) []string {
	t.Helper()
	shown, row := []string{""}, 0
	for sent != "" {
		var n int
		switch {
		case strings.HasPrefix(sent, "\x1b[K"):
			sent = sent[3:]
		case strings.HasPrefix(sent, "\x1b[J"):
			shown, sent = append(shown[:row], ""), sent[3:]
		case strings.HasPrefix(sent, "\x1b["):
			if _, err := fmt.Sscanf(sent, "\x1b[%dA", &n); err != nil {
				t.Fatalf("%q: %v", sent, err)
			}
			row, sent = max(row-n, len(shown)-height), sent[strings.Index(sent, "A")+1:]
		case sent[0] == '\r':
			sent = sent[1:]
		case sent[0] == '\n':
			if row++; row == len(shown) {
				shown = append(shown, "")
			}
			sent = sent[1:]
		default:
			n = strings.IndexAny(sent, "\x1b\r\n")
			shown[row], sent = sent[:n], sent[n:]
		}
	}
	return shown
}

func TestScreen(t *testing.T) {
	var out strings.Builder
	turn := 0
	s := &screen{
		out:  &out,
		size: func() (int, int, error) { return 20, 4, nil },
		line: func(row, width int) string { return fmt.Sprintf("%d of %d, %d wide", row, turn, width) },
	}
	out.WriteString("before\n")
	for _, test := range []struct {
		rows int
		want string
	}{
		{1, "before|0 of 1, 19 wide|"},
		{2, "before|0 of 2, 19 wide|1 of 2, 19 wide|"},
		{9, "before|0 of 3, 19 wide|1 of 3, 19 wide|2 of 3, 19 wide|"}, // as many as there is room for
	} {
		turn++
		s.grow(test.rows)
		if err := s.draw(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(terminalOf(t, 4, out.String()), "|"); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	s.erase()
	if got := strings.Join(terminalOf(t, 4, out.String()), "|"); got != "before|" {
		t.Errorf("after the end: %q", got)
	}
}

// A terminal that goes away ends the screen, and close does not wait for more.
func TestScreenWithoutTerminal(t *testing.T) {
	s := &screen{
		out: io.Discard, line: func(int, int) string { return "" }, stop: make(chan struct{}), ended: make(chan struct{}),
		size: func() (int, int, error) { return 0, 0, errors.New("gone") },
	}
	go s.show()
	<-s.ended
	s.close()
	if newScreen(io.Discard, nil) != nil {
		t.Error("a screen for no terminal")
	}
}
