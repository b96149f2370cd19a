package dataset

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// isNumber tells a number, or a truth value, from a word.
func isNumber(cell string, sep rune) bool {
	_, ok := number(cell, sep)
	return ok
}

// number reads a cell: a number, with a decimal comma where commas do not
// separate cells, or True or False, which are 1 and 0. Numbers too large for
// float64 are infinite.
func number(cell string, sep rune) (float64, bool) {
	if n, ok := whole(cell); ok {
		return n, true
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return v, !strings.ContainsAny(cell, "_xX") // of Go: 1_000 and 0x1p3 are words to others
	}
	if sep != ',' && strings.Count(cell, ",") == 1 && !strings.Contains(cell, ".") {
		v, err = strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
		return v, err == nil || errors.Is(err, strconv.ErrRange)
	}
	if isTruth(cell) {
		return truthValue(cell), true
	}
	return 0, false
}

// whole reads a whole number as most cells of most tables are.
func whole(cell string) (n float64, ok bool) {
	const exact = 15 // digits at most are exact in float64
	for i := range len(cell) {
		d := cell[i] - '0'
		if d > 9 || i == exact {
			return 0, false
		}
		n = 10*n + float64(d)
	}
	return n, cell != ""
}

// finite tells a value that may be an input.
func finite(v float64) bool { return math.Abs(v) <= math.MaxFloat32 } // false for NaN

// missing tells the words by which programs write that there is no value.
func missing(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "na", "n/a", "nan", "-nan", "null", "(null)", "none", "nil", "nat", "?", "<na>", "#n/a", "#na", "#n/a n/a", `\n`,
		"#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!":
		return true
	}
	return false
}

// doubtful tells the words that may say that there is no value.
func doubtful(word string) bool {
	switch strings.ToLower(word) {
	case "-", "--", "---", ".", "*", "missing", "unknown", "undefined", "inf", "-inf", "infinity", "-infinity":
		return true
	}
	return false
}

// decimals notices a table that has both decimal commas and points: one of them
// separates thousands, and which is not for a program to guess.
type decimals struct{ comma, point bool }

// mixed takes in a number and tells whether the table now has both.
func (d *decimals) mixed(cell string) bool {
	d.comma = d.comma || strings.Contains(cell, ",")
	d.point = d.point || strings.Contains(cell, ".")
	return d.comma && d.point
}
