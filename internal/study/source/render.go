package source

import (
	"fmt"
	"regexp"
	"strings"
)

// Render prints the mistakes for a terminal or a file: each with its line of the file and a caret below the word. With color it
// uses the escape sequences of terminals.
func (e Errors) Render(color bool) string {
	paint := func(code, text string) string {
		if !color || text == "" {
			return text
		}
		return "\x1b[" + code + "m" + text + "\x1b[0m"
	}
	return e.lines(func(one Error) string {
		place, _ := strings.CutSuffix(one.Error(), ": "+one.Message)
		head := paint("1", place+":") + " " + one.Message
		line, before, width := one.excerpt()
		if width == 0 {
			return head
		}
		gutter := fmt.Sprintf("%5d | ", one.Line)
		under := strings.Repeat(" ", len(gutter)-2) + "| " + strings.Repeat(" ", before)
		return head + "\n" + paint("2", gutter) + line + "\n" + paint("2", under) + paint("31", strings.Repeat("^", width))
	})
}

// maxExcerpt is how much of a line is shown.
const maxExcerpt = 100

// underlined is what a caret underlines: a word, a string, or one sign.
var underlined = regexp.MustCompile(`^("[^"]*"|'[^']*'|[\pL\pN_.+-]+)`)

// excerpt is the part of the line around the mistake, how many characters of it
// stand before the mistake, and how many it has; 0 without a line.
func (e Error) excerpt() (line string, before, width int) {
	text := []rune(visible(e.Text))
	if e.Line == 0 || strings.TrimSpace(e.Text) == "" {
		return "", 0, 0
	}
	before = min(e.Column-1, len(text))
	width = max(1, len([]rune(underlined.FindString(string(text[before:])))))
	if from := before - maxExcerpt/2; len(text) > maxExcerpt && from > 0 {
		text = append([]rune("..."), text[from:]...)
		before += 3 - from
	}
	if len(text) > maxExcerpt {
		text = append(text[:maxExcerpt:maxExcerpt], []rune("...")...)
		width = min(width, maxExcerpt-before)
	}
	return string(text), before, width
}
