package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nightshift/internal/number"
)

// sentence makes the first letter a capital one, unless the word is a name with
// signs in it.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(first, "+=_-.0123456789") {
		return s
	}
	letter, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(letter)) + s[size:]
}

// duration words a time with two units at most.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	two := func(big, small time.Duration, format string) string {
		d := d.Round(small)
		if d%big == 0 {
			format, _, _ = strings.Cut(format, " %d ")
			return fmt.Sprintf(format, d/big)
		}
		return fmt.Sprintf(format, d/big, d%big/small)
	}
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < time.Minute-time.Second/20:
		return number.Plain(d.Round(time.Second/10).Seconds()) + " s"
	case d < 10*time.Minute-time.Second/2:
		return two(time.Minute, time.Second, "%d min %d s")
	case d < time.Hour-time.Minute/2:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	}
	return two(time.Hour, time.Minute, "%d h %d min")
}

// listed joins words as a sentence does.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// nothingToAverage is the statement of a figure of means where there are none.
const nothingToAverage = "No run has finished with a result that could be averaged."

// titled joins the parts of a title that are not empty: "width=100, seed 3".
func titled(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}
