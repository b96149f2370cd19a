package cli

import (
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// screen keeps a few lines up to date in place on a terminal. When the terminal
// goes away it stops, and nothing else does.
type screen struct {
	bars *mpb.Progress
	rows []*mpb.Bar
	line func(row, width int) string // asked from a goroutine of the screen
}

// newScreen shows what line says of each row; it is nil where out is no terminal.
func newScreen(out io.Writer, line func(row, width int) string) *screen {
	if !terminal(out) {
		return nil
	}
	return &screen{bars: mpb.New(mpb.WithOutput(out)), line: line}
}

// grow sees to it that there are so many rows.
func (s *screen) grow(rows int) {
	for row := len(s.rows); row < rows; row++ {
		bar, err := s.bars.Add(1, mpb.BarFillerFunc(func(w io.Writer, about decor.Statistics) error {
			_, err := io.WriteString(w, s.line(row, about.AvailableWidth))
			return err
		}), mpb.BarFillerTrim())
		if err != nil { // the terminal is gone
			return
		}
		s.rows = append(s.rows, bar)
	}
}

// close takes the lines away.
func (s *screen) close() {
	for _, bar := range s.rows {
		bar.Abort(true)
	}
	s.bars.Wait()
}
