package figure

import (
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"

	ximage "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lettering is the sans-serif that every text of a figure is set in.
func lettering(size vg.Length, bold bool, c color.Color) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = ximage.WeightBold
	}
	return draw.TextStyle{Color: c, Font: f, Handler: plot.DefaultTextHandler, XAlign: draw.XLeft, YAlign: draw.YTop}
}

// write sets lines below each other, as many points apart. The style aligns them as one block.
func write(c draw.Canvas, style draw.TextStyle, at vg.Point, leading vg.Length, text string) {
	lines := strings.Split(text, "\n")
	if style.YAlign == draw.YCenter { // the middle of digits and capitals, below which little goes
		at.Y += vg.Length(len(lines)-1)*leading/2 + style.Font.Size/12
	}
	for _, line := range lines {
		if line != "" {
			c.FillText(style, at, line)
		}
		at.Y -= leading
	}
}

func joined(lines []string) string { return strings.Join(lines, "\n") }

// linesIn is the number of line ends in a text.
func linesIn(text string) int { return strings.Count(text, "\n") }

func widestLine(style draw.TextStyle, text string) vg.Length {
	var most vg.Length
	for line := range strings.SplitSeq(text, "\n") {
		most = max(most, style.Width(line))
	}
	return most
}

// wrap breaks a text into lines no wider than width, at spaces other than no-break ones, and in a word that is wider than a line.
func wrap(style draw.TextStyle, text string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(Minus(text), func(r rune) bool { return r == ' ' }) {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && style.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		for line = longer; style.Width(line) > width; {
			head := beginning(style, line, width)
			if head == line {
				break
			}
			lines, line = append(lines, head), line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// beginning is as much of a word as fits, up to a sign between its parts where there is one; a letter in any case.
func beginning(style draw.TextStyle, word string, width vg.Length) string {
	cut, parted := 0, 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			next = i + 1
		}
		if cut > 0 && style.Width(word[:next]) > width {
			break
		}
		cut = next
		if strings.ContainsRune("=+-_/,.:;|", r) && !(r == '.' && next < len(word) && isDigit(word[next])) { // not within 0.001
			parted = next
		}
	}
	if parted > 0 && cut < len(word) {
		cut = parted
	}
	return word[:cut]
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// fit wraps a text into a number of lines at most. What does not fit is left out behind the last word that does.
func fit(style draw.TextStyle, text string, width vg.Length, most int) []string {
	lines := wrap(style, text, width)
	if len(lines) <= most {
		return lines
	}
	last := lines[most-1]
	for style.Width(last+"…") > width {
		at := strings.LastIndexByte(last, ' ')
		if at < 0 {
			_, size := utf8.DecodeLastRuneInString(last)
			at = len(last) - size
		}
		if last = last[:at]; last == "" {
			break
		}
	}
	return append(lines[:most-1:most-1], strings.TrimRight(last, " ")+"…")
}

// mostLines is how many lines the name of a category takes at most.
const mostLines = 4

// foldedNames breaks names into lines of that width. Names that differ stay different where not all of them fits.
func foldedNames(names []string, width vg.Length) []string {
	return distinct(names, func(name string) string { return joined(fit(tickStyle, name, width, mostLines)) })
}

// shortened cuts names to one line of that width. Names that differ stay different.
func shortened(style draw.TextStyle, names []string, width vg.Length) []string {
	return distinct(names, func(name string) string { return joined(fit(style, name, width, 1)) })
}

// distinct shortens names. Names that have become equal then begin where they differ; where that makes them equal to others, the
// words in which they differ are left.
func distinct(names []string, short func(string) string) []string {
	all := make([]string, len(names))
	groups := map[string][]int{}
	for i, name := range names {
		all[i] = short(name)
		groups[all[i]] = append(groups[all[i]], i)
	}
	for _, group := range groups {
		shared := names[group[0]]
		for _, i := range group {
			shared = common(shared, names[i])
		}
		for _, i := range group {
			if name := names[i]; len(group) > 1 && len(name) > len(shared) {
				all[i] = short("…" + strings.TrimLeft(name[len(shared):], " "))
			}
		}
	}
	of := map[string][]int{}
	for i := range names {
		of[all[i]] = append(of[all[i]], i)
	}
	var equal []int
	for i := range names {
		if same := of[all[i]]; slices.ContainsFunc(same, func(k int) bool { return names[k] != names[i] }) {
			equal = append(equal, i)
		}
	}
	for i, text := range telling(names, equal) {
		all[i] = short(text)
	}
	return all
}

// telling leaves of some of the names the words in which these differ.
func telling(names []string, among []int) map[int]string {
	words, kept := map[int][]string{}, map[int]map[int]bool{}
	for _, i := range among {
		words[i], kept[i] = strings.Split(names[i], " "), map[int]bool{}
	}
	var split func(group []int, at int)
	split = func(group []int, at int) {
		parts := map[string][]int{}
		for _, i := range group {
			if at < len(words[i]) {
				parts[words[i][at]] = append(parts[words[i][at]], i)
			}
		}
		for _, part := range parts {
			for _, i := range part {
				kept[i][at] = len(part) < len(group)
			}
			if len(part) > 1 {
				split(part, at+1)
			}
		}
	}
	split(among, 0)
	texts := map[int]string{}
	for _, i := range among {
		var left []string
		for at, word := range words[i] {
			if kept[i][at] {
				left = append(left, word)
			} else if len(left) == 0 || left[len(left)-1] != "…" {
				left = append(left, "…")
			}
		}
		texts[i] = strings.Join(left, " ")
	}
	return texts
}

// common is the beginning that two texts share, up to the end of a word.
func common(a, b string) string {
	if a == b {
		return a
	}
	x, y := []rune(a), []rune(b)
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	for n > 0 && x[n-1] != ' ' {
		n--
	}
	return string(x[:n])
}

// broken says whether a name was cut, or one of its words is on two lines.
func broken(folded, name string) bool {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' })
	return strings.ReplaceAll(folded, "\n", " ") != strings.Join(words, " ")
}
