package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/store"
)

// percent writes an error rate, or – where there is none.
func percent(v store.Number) string {
	if !v.Valid {
		return "–"
	}
	return fmt.Sprintf("%.2f %%", 100*v.V)
}

// metricText writes a metric with four digits, or – where there is none.
func metricText(v store.Number) string {
	if !v.Valid {
		return "–"
	}
	return strconv.FormatFloat(v.V, 'g', 4, 64)
}

// quoted lists names for a message: "a", "b".
func quoted(names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, strconv.Quote(name))
	}
	return strings.Join(list, ", ")
}

// wrapped lists names over lines of at most 84 columns, the first of which has
// begun with lead already.
func wrapped(names []string, lead string) string {
	const width = 84
	var b strings.Builder
	column := len(lead)
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		switch {
		case i == 0:
		case column+1+len(name) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(name)
		column += len(name)
	}
	return b.String()
}

// duration writes seconds as people read them.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// fit cuts a line down to a width, and takes out what a terminal would obey.
func fit(line string, width int) string {
	line = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, line)
	if width <= 0 {
		return ""
	}
	return text.Snip(line, width, "…")
}

// jsonNumber writes a metric for scripts: null where there is none, and NaN and
// the infinities as strings, which JSON has no numbers for.
type jsonNumber store.Number

func (n jsonNumber) MarshalJSON() ([]byte, error) {
	switch {
	case !n.Valid:
		return []byte("null"), nil
	case math.IsNaN(n.V) || math.IsInf(n.V, 0):
		return strconv.AppendQuote(nil, strconv.FormatFloat(n.V, 'g', -1, 64)), nil
	}
	return strconv.AppendFloat(nil, n.V, 'g', -1, 64), nil
}

// measured is a number that may be there or not: NaN is none.
func measured(v float64) jsonNumber { return jsonNumber{V: v, Valid: !math.IsNaN(v)} }
