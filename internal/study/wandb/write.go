package wandb

import (
	"fmt"
	"strconv"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// sweepParts is the order of the parts in the study.
var sweepParts = []string{"data", "base", "grid", "sample", "seeds", "select", "prune", "budget"}

// write prints the study and notes the line of every entry.
func (s *sweep) write() []byte {
	var b strings.Builder
	line := 1
	print := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		line += strings.Count(text, "\n")
		b.WriteString(text)
	}
	print("# yaml-language-server: $schema=study.schema.json\n# Made of the Weights & Biases sweep %s.\n", plain(s.File.Name))
	if err := s.Err(); err != nil {
		print("# What of it the study does not say, or says otherwise:\n")
		for _, e := range err.(source.Errors) {
			print("# - line %d: %s\n", e.Line, printable(e.Message))
		}
	}
	print("\nstudy: %s\nquestion: %s\n", s.name, strconv.QuoteToASCII(s.question))
	for _, part := range sweepParts {
		first := true
		for _, e := range s.entries {
			if e.part != part {
				continue
			}
			if first {
				print("\n")
				if e.key != "" {
					print("%s:\n", part)
				}
			}
			first = false
			name, indent := e.key, "  "
			if name == "" {
				name, indent = part, ""
			}
			e.line = line
			print("%s%s: %s", indent, name, e.value)
			if e.from != "" && alias.Letters(e.from) != alias.Letters(name) {
				print(" # %s", plain(e.from))
			}
			print("\n")
		}
	}
	return []byte(b.String())
}

// printable is a message on one line of a comment.
func printable(message string) string {
	return strings.Map(func(c rune) rune {
		if !strconv.IsPrint(c) {
			return '?'
		}
		return c
	}, message)
}

// flow writes a value of a key as YAML on one line.
func flow(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case float64:
		return number(v)
	case bool:
		return strconv.FormatBool(v)
	case string:
		if study.CheckName(v) == nil && source.IsString(v) {
			return v
		}
		return strconv.QuoteToASCII(v)
	case []int:
		return "[" + strings.Trim(strings.ReplaceAll(fmt.Sprint(v), " ", ", "), "[]") + "]"
	case []float64:
		var words []string
		for _, x := range v {
			words = append(words, number(x))
		}
		return "[" + strings.Join(words, ", ") + "]"
	case study.Chosen:
		if len(v.Written) == 0 {
			return v.Name
		}
		words := []string{"name: " + v.Name}
		for _, p := range v.Written {
			words = append(words, p+": "+number(v.Params[p]))
		}
		return "{" + strings.Join(words, ", ") + "}"
	}
	return "null"
}
