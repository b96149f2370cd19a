package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// redrawEvery is how often the rows of a screen are written anew.
const redrawEvery = 150 * time.Millisecond

// screen keeps a few rows up to date in place on a terminal. When writing to the terminal fails, it stops, and the command goes
// on.
type screen struct {
	out  io.Writer
	size func() (width, height int, err error)
	line func(row, width int) string // what a row says, asked from a goroutine of the screen

	mu   sync.Mutex
	rows int      // wanted
	said []string // lines to be written above the rows

	drawn       int // rows that are on the terminal; only of the goroutine
	stop, ended chan struct{}
}

// newScreen shows what line says of each row; it is nil where out is no terminal.
func newScreen(out io.Writer, line func(row, width int) string) *screen {
	f, ok := raw(out).(*os.File)
	if !ok || !terminal(out) || !supportsEscapes(f) {
		return nil
	}
	s := &screen{
		out: f, line: line, stop: make(chan struct{}), ended: make(chan struct{}),
		size: func() (int, int, error) { return term.GetSize(int(f.Fd())) },
	}
	go s.show()
	return s
}

// grow sees to it that there are so many rows.
func (s *screen) grow(rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = max(s.rows, rows)
}

// say writes a line that stays above the rows.
func (s *screen) say(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, line)
}

// close removes the rows.
func (s *screen) close() {
	close(s.stop)
	<-s.ended
}

func (s *screen) show() {
	defer close(s.ended)
	ticker := time.NewTicker(redrawEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if s.draw() != nil { // the terminal is gone
				return
			}
		case <-s.stop:
			s.erase()
			return
		}
	}
}

// draw writes the rows over the previous ones, as many as the terminal has lines, since what has scrolled off cannot be
// overwritten.
func (s *screen) draw() error {
	width, height, err := s.size()
	if err != nil {
		return err
	}
	s.mu.Lock()
	rows, said := min(s.rows, max(1, height-1)), s.said
	s.said = nil
	s.mu.Unlock()
	var b strings.Builder
	b.WriteString(s.back())
	for _, line := range said {
		fmt.Fprintf(&b, "%s\x1b[K\n", fit(line, width-1))
	}
	for row := range rows {
		// One column stays free: a terminal may begin a new line after the last.
		fmt.Fprintf(&b, "%s\x1b[K\n", s.line(row, width-1))
	}
	b.WriteString("\x1b[J")
	s.drawn = rows
	_, err = io.WriteString(s.out, b.String())
	return err
}

// back moves the cursor to the beginning of the first row.
func (s *screen) back() string {
	if s.drawn == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", s.drawn)
}

func (s *screen) erase() { io.WriteString(s.out, s.back()+"\x1b[J") }
