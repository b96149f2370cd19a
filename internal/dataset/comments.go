package dataset

import (
	"bytes"
	"fmt"
)

// uncomment blanks the comments above a table in place: the lines at its
// beginning that begin with # or %. The last of them is the header, without its
// sign, if it has as many cells as the lines below it and none of these is a
// header, as numpy.savetxt writes it. Where several have as many, cells begin
// with the sign, and there are no comments. The note says what was left out.
func uncomment(text []byte, r Spec) (note string) {
	lines, rest := commentLines(text)
	if len(lines) == 0 || len(bytes.TrimSpace(rest)) == 0 {
		return ""
	}
	sep, _ := separator(r.Sep)
	if sep == 0 {
		var err error
		if sep, err = sniff(rest); err != nil {
			return ""
		}
	}
	first, _, err := sample(rest, sep)
	if err != nil || len(first) == 0 {
		return ""
	}
	var like []int // lines that have as many cells as the table
	for i, line := range lines {
		if cells, err := newRecords(bytes.TrimLeft(line, "#% "), sep, 0).next(); err == nil &&
			len(cells.cells) == len(first[len(first)-1].cells) {
			like = append(like, i)
		}
	}
	if len(like) > 1 {
		return ""
	}
	is, err := guessHeader(first, sep, "")
	sign, left := lines[0][0], 0
	for i, line := range lines {
		signs := len(line) - len(bytes.TrimLeft(line, "#%"))
		switch header := len(like) == 1 && i == like[0] && i == len(lines)-1 && !(is.header && err == nil); {
		case !header:
			left++
			blank(line)
		case signs < len(line) && rune(line[signs]) != sep || sep == ' ': // else # is the name of a column
			blank(line[:signs])
		}
	}
	switch left {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("a line that begins with %c is left out", sign)
	}
	return fmt.Sprintf("%d lines that begin with %c are left out", left, sign)
}

// commentLines are the lines at the beginning of a text that begin with # or %,
// and the text behind them.
func commentLines(text []byte) (lines [][]byte, rest []byte) {
	for rest = text; ; {
		line, behind, found := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case len(line) > 0 && (line[0] == '#' || line[0] == '%'):
			lines = append(lines, line)
		case len(bytes.TrimSpace(line)) > 0:
			return lines, rest
		}
		if rest = behind; !found {
			return lines, nil
		}
	}
}

// blank writes blanks over a line, so that the lines behind it keep their numbers.
func blank(line []byte) {
	for i := range line {
		line[i] = ' '
	}
}
