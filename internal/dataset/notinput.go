package dataset

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// notInput says why a cell is no input, and what can be done.
func (t *csvTable) notInput(column int, cell string) string {
	text := quoted(cell) + ", but inputs are finite numbers; "
	key := t.key(column)
	switch {
	case t.fixed && withSymbols(cell):
		return text + "write the number plainly, as 1234.5"
	case t.fixed:
		return text + "mend it, or leave the row out"
	case missing(cell) || cell == "-" || cell == ".":
		return text + fmt.Sprintf("fill it, leave the row out, or leave the column out with drop: [%s]", key)
	case isNumber(cell, t.sep):
		return text + fmt.Sprintf("mend it, or leave the column out with drop: [%s]", key)
	case vector(cell):
		return text + fmt.Sprintf("write each number of it in a column of its own, or leave the column out with drop: [%s]", key)
	case t.sep == ',' && decimalComma.MatchString(cell):
		return text + fmt.Sprintf("write it with a decimal point or without a sign of thousands (or separate cells by semicolons, and "+
			"decimal commas are read), or leave the column out with drop: [%s]", key)
	case strings.HasPrefix(cell, "\u2212") && withSymbols(cell):
		return text + fmt.Sprintf("write its minus as a hyphen, -%s, or leave the column out with drop: [%s]",
			strings.TrimPrefix(cell, "\u2212"), key)
	case withSymbols(cell):
		return text + fmt.Sprintf("write the number plainly, as 1234.5, without signs of thousands, units, currencies or quotes, or "+
			"leave the column out with drop: [%s]", key)
	case dates.MatchString(cell):
		return text + fmt.Sprintf("write a date or time as numbers, as its year and month or the days since the first, or leave the "+
			"column out with drop: [%s]", key)
	case column < len(t.header) && idNames.MatchString(t.header[column]):
		return text + fmt.Sprintf("leave it out with drop: [%s] if it is an id, or make its words inputs with one_hot: [%s]", key, key)
	case t.n > 0:
		return text + fmt.Sprintf("those above it are; mend it or leave the row out, or make the column words with one_hot: [%s], "+
			"or leave it out with drop: [%s]", key, key)
	}
	text += fmt.Sprintf("make its words inputs with one_hot: [%s], or leave it out with drop: [%s]", key, key)
	if t.skip == 0 {
		text += "; if the line names the columns, say header: true"
	}
	if !t.named {
		text += fmt.Sprintf("; if it is what to predict, say label: %s", key)
	}
	return text
}

// withSymbols tells a number that is written with more than its digits: -1'000, $5,
// 12 %, 1,234 where commas separate cells, or a minus sign that is no hyphen.
func withSymbols(cell string) bool {
	plain := strings.NewReplacer("\u2212", "-", "'", "", "\u2019", "", " ", "", "\u00a0", "", "\u202f", "", ",", "", ".", "",
		"%", "", "$", "", "(", "", ")", "",
		"\u20ac", "", "\u00a3", "", "\u00a5", "").Replace(cell)
	return isNumber(plain, 0) && strings.ContainsAny(plain, "0123456789") || withUnit.MatchString(cell)
}

// vector tells several numbers in one cell, as lists and arrays of Python are written.
func vector(cell string) bool {
	return strings.HasPrefix(cell, "[") || strings.HasPrefix(cell, "tensor(") || strings.HasPrefix(cell, "array(")
}

var (
	// decimalComma matches a number with one comma.
	decimalComma = regexp.MustCompile(`^[-+]?[0-9]+,[0-9]+$`)
	// withUnit matches a number with its unit or currency: 12 kg, 3.5mm, EUR 5.
	withUnit = regexp.MustCompile(`^[-+]?[0-9][0-9.,]* ?[\p{L}\x{b0}\x{b5}][\p{L}/^0-9\x{b2}\x{b3}]{0,7}$|` +
		`^[A-Z]{3} ?[-+]?[0-9][0-9.,]*$`)
	// dates matches days and times of the day: 2020-01-31, 1/31/2020, 31.1.20, 12:30, 31-Jan-2020.
	dates = regexp.MustCompile(`^([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4}))` +
		`([T ].*)?$|^[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?$|` +
		`^(?i:[0-9]{1,2}[-. ]+)?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-., ]+[0-9, ]+$`)
)

// secondHeader refuses one, as of units: words right below the header in
// all columns of inputs, above numbers.
func (l *layout) secondHeader(first []record, skip int, sep rune) error {
	if skip == 0 || len(first) < skip+2 {
		return nil
	}
	second, third := first[skip], first[skip+1]
	inputs := 0
	for i, role := range l.roles {
		if role != asInput {
			continue
		}
		inputs++
		if i >= len(second.cells) || i >= len(third.cells) || isNumber(second.cells[i], sep) || missing(second.cells[i]) ||
			!isNumber(third.cells[i], sep) {
			return nil
		}
	}
	if inputs == 0 {
		return nil
	}
	unnamed := 0
	for _, name := range l.header {
		if name == "" {
			unnamed++
		}
	}
	if 2*unnamed >= len(l.header) {
		return fmt.Errorf("line 1 names too few columns, and line %d (%s) looks like the header: take out the title above it",
			second.line, Listed(slices.Clone(second.cells)))
	}
	return fmt.Errorf("line %d (%s) has words where line %d has numbers: if it is a second header, as of units, take it out",
		second.line, Listed(slices.Clone(second.cells)), third.line)
}
