package source

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// notText finds the first byte that cannot be part of a text file.
func notText(text []byte) (Position, bool) {
	at := Position{Line: 1, Column: 1}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		switch {
		case c == utf8.RuneError && size == 1, c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return at, true
		case c == '\n':
			at.Line++
			at.Column = 0
		}
		at.Column++
		i += size
	}
	return at, false
}

var (
	yamlLine = regexp.MustCompile(`^line (\d+): `)
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
	line := ""
	if lines := strings.Split(string(text), "\n"); at.Line <= len(lines) {
		line = lines[at.Line-1]
	}
	switch {
	case strings.Contains(message, "hexdecimal") || strings.Contains(message, "unknown escape"):
		message += `; in double quotes \ begins an escape: write paths with / or in single quotes`
	case strings.Contains(message, "mapping values are not allowed"):
		message += `; a text with a colon and a blank in it stands in quotes, and the keys of a mapping begin in the same column`
	case strings.Contains(line, "${"):
		message += `; what has ${...} in it stands in quotes, as in path: "${HOME}/data.csv"`
	}
	f.Add(at, "this is not YAML: %s", message)
}
