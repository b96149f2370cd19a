package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// notText finds the first byte that cannot be part of a text file: of another encoding, or a control character, which it gives
// then.
func notText(text []byte) (at Position, control rune, bad bool) {
	at = Position{Line: 1, Column: 1}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		switch {
		case c == utf8.RuneError && size == 1, c == 0: // zeros stand between the characters of UTF-16
			return at, 0, true
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return at, c, true
		case c == '\n':
			at.Line++
			at.Column = 0
		}
		at.Column++
		i += size
	}
	return at, 0, false
}

var (
	yamlLine      = regexp.MustCompile(`^line (\d+): `)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	// beginsOdd matches the beginning of a text that YAML has no meaning for, behind what may stand before a value.
	beginsOdd = regexp.MustCompile("(^|[-:,?] +|[\\[{] *)([@`%])")
	// fromZero matches the messages of yaml.v3 that count lines from 0: those of
	// its parser, while those of its scanner count from 1.
	fromZero = regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or '[]}]'|<.*>)$`)
)

// syntax reports an error of the YAML parser, which knows only the line. A tab
// in an indentation is the usual reason and gets a message of its own.
func (f *Faults) syntax(text []byte, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	at := Position{Line: 1, Column: 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
		if fromZero.MatchString(message) {
			at.Line++
		}
	}
	for i, line := range strings.Split(string(text), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && strings.TrimSpace(line) != "" {
			f.Add(Position{Line: i + 1, Column: tab + 1}, "a tab indents this line; YAML takes spaces only")
			return
		}
	}
	if m := unknownAnchor.FindStringSubmatch(message); m != nil { // it knows no line either
		at = placeOf(text, regexp.MustCompile(`(^|[-:,?] +|[\[{] *)(\*`+regexp.QuoteMeta(m[1])+`)`))
		message += fmt.Sprintf("; *%[1]s stands for what has &%[1]s before it, and a text that begins with * stands in quotes", m[1])
	}
	line := ""
	if lines := strings.Split(string(text), "\n"); at.Line <= len(lines) {
		line = lines[at.Line-1]
	}
	switch {
	case strings.Contains(message, "hexdecimal") || strings.Contains(message, "unknown escape"):
		message += `; in double quotes \ begins an escape: write paths with / or in single quotes`
	case strings.Contains(message, "mapping values are not allowed"):
		message += `; a text with a colon and a blank in it stands in quotes, and the keys of a mapping begin in the same column`
	case strings.Contains(message, "cannot start any token"):
		if in := placeOf([]byte(line), beginsOdd); beginsOdd.MatchString(line) {
			at.Column = in.Column
		}
		message += "; a text that begins with @, ` or % stands in quotes"
	case strings.Contains(message, "mapping keys are not allowed"), strings.Contains(message, "alphabetic or numeric"):
		message += "; a text that begins with ?, * or & stands in quotes"
	case strings.Contains(message, "incompatible YAML document"):
		at = placeOf(text, regexp.MustCompile(`()(%YAML)`))
		message += "; take the line with %YAML out"
	case strings.Contains(line, "${"):
		message += `; what has ${...} in it stands in quotes, as in path: "${HOME}/data.csv"`
	}
	f.Add(at, "this is not YAML: %s", message)
}

// placeOf is where the second group of a pattern stands in a line of a text, or the beginning.
func placeOf(text []byte, pattern *regexp.Regexp) Position {
	for i, line := range strings.Split(string(text), "\n") {
		if m := pattern.FindStringSubmatchIndex(line); m != nil {
			return Position{Line: i + 1, Column: utf8.RuneCountInString(line[:m[4]]) + 1}
		}
	}
	return Position{Line: 1, Column: 1}
}
