package dataset

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// printable is a name as it may be sent to a terminal or a page: of UTF-8, with
// control characters and what else cannot be seen as Go writes them in strings.
func printable(name string) string {
	name = fromWindows1252(name)
	if strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shortened is a printable word of at most 60 characters: its beginning, and its
// end where it is longer, for words that differ late.
func shortened(word string) string {
	const most, end = 60, 12
	head, tail := word, ""
	if len(word) > 4*most {
		head, tail = word[:4*most], word[len(word)-4*end:]
	}
	runes, last := []rune(printable(head)), []rune(printable(tail))
	if tail == "" {
		if len(runes) <= most {
			return string(runes)
		}
		last = runes
	}
	return string(runes[:min(len(runes), most-end)]) + "..." + string(last[max(0, len(last)-end):])
}

// Listed is a list of words for a message, of which it gives the first ten.
func Listed(words []string) string {
	const most = 10
	short := make([]string, min(len(words), most))
	for i := range short {
		short[i] = shortened(words[i])
	}
	text := strings.Join(short, ", ")
	if len(words) > most {
		text += fmt.Sprintf(" and %d more", len(words)-most)
	}
	return text
}
