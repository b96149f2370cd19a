package figure

import (
	"math"
	"regexp"
	"strconv"

	"nightshift/internal/number"
)

// negative is a sign before a number, not a hyphen between words or in an exponent.
var negative = regexp.MustCompile(`(^|[\s=(,:×])-(\d)`)

// Minus writes the signs of the numbers of a text as minus signs, as in bias=−100.
func Minus(text string) string { return negative.ReplaceAllString(text, "$1−$2") }

// Decimal writes a number as on a slide, with every digit that it has: 0.01, 1, 1e-6.
func Decimal(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-3 || a >= 1e5) {
		return number.Powers(strconv.FormatFloat(v, 'g', 3, 64))
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Brief is Decimal of the number rounded to four digits, as labels of cells are.
func Brief(v float64) string {
	if v == math.Trunc(v) {
		return Decimal(v)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	return Decimal(rounded)
}

// Exact writes a number for other programs: the fewest digits that are read back as the same bits, and nothing for NaN.
func Exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
