package dataset

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// numberNames tells a header whose cells are numbers, as 2019, 2020, grade or
// pandas' 0, 1, 2, class, from an example. Its numbers are years, or count by
// one, or rise evenly as wavelengths do, and something else must differ from an
// example: a word above numbers; a label that no other line has, although each
// class stands on several lines; fractions below whole numbers.
func numberNames(first []record, sep rune, label int) bool {
	head, rest := first[0].cells, first[1:]
	var values []float64
	wordAbove, whole, some, every := false, true, false, true // whole names; some or every column with fractions below
	for i, cell := range head {
		if cell == "" && i == 0 && len(values) == 0 { // the index of pandas has no name
			continue
		}
		v, ok := number(cell, sep)
		switch {
		case ok:
			values = append(values, v)
		case missing(cell):
			return false
		case i != label && allNumbers(rest, i, sep):
			wordAbove = true
		}
		whole = whole && (!ok || wholeName(cell))
		fractions := anyFraction(rest, i)
		some, every = some || fractions, every && (fractions || i == label)
	}
	if len(rest) == 0 {
		return false
	}
	if !isNumber(head[label], sep) {
		known := slices.Contains(labelNames, strings.ToLower(head[label])) && !anyCell(rest, label, head[label])
		regular := whole && (counting(values) || years(values)) || evenly(values)
		return known || regular && (wordAbove || allNumbers(rest, label, sep) || isForeign(head[label], rest, label))
	}
	if !whole || !counting(values) && !years(values) {
		return false
	}
	if !allNumbers(rest, label, sep) { // a number above words
		return len(rest) > 1
	}
	// All are numbers, and an example could count as well.
	other := isForeign(head[label], rest, label)
	return len(values) >= 3 && (values[0] == 0 && (some || len(values) >= 5) || years(values) && some || other && every)
}

// wholeName tells a number as it names a column: 0 or 2019, and not 0.0 or 007.
func wholeName(cell string) bool {
	v, err := strconv.Atoi(cell)
	return err == nil && v >= 0 && strconv.Itoa(v) == cell
}

// evenly tells numbers that rise by equal steps.
func evenly(values []float64) bool {
	if len(values) < 3 {
		return false
	}
	step := values[1] - values[0]
	for i, v := range values {
		if math.Abs(v-values[0]-float64(i)*step) > 1e-6*math.Abs(v)+1e-9 {
			return false
		}
	}
	return step > 0
}

func anyCell(list []record, column int, cell string) bool {
	return slices.ContainsFunc(list, func(rec record) bool { return column < len(rec.cells) && rec.cells[column] == cell })
}

func counting(values []float64) bool {
	for i, v := range values {
		if v != values[0]+float64(i) {
			return false
		}
	}
	return len(values) > 1 || len(values) == 1 && values[0] <= 1
}

func years(values []float64) bool {
	for i, v := range values {
		if v < 1900 || v > 2100 || slices.Contains(values[:i], v) {
			return false
		}
	}
	return len(values) > 0
}

func allNumbers(list []record, column int, sep rune) bool {
	for _, rec := range list {
		if column >= len(rec.cells) || !isNumber(rec.cells[column], sep) {
			return false
		}
	}
	return len(list) > 0
}

func anyFraction(list []record, column int) bool {
	return slices.ContainsFunc(list, func(rec record) bool {
		return column < len(rec.cells) && strings.ContainsAny(rec.cells[column], ".,")
	})
}

// isForeign tells a word that is none of the classes below it, of which each
// stands on two lines at least.
func isForeign(word string, list []record, column int) bool {
	times := map[string]int{}
	for _, rec := range list {
		if column < len(rec.cells) {
			times[rec.cells[column]]++
		}
	}
	for _, n := range times {
		if n < 2 {
			return slices.Contains(labelNames, strings.ToLower(word)) && times[word] == 0
		}
	}
	return len(times) > 0 && times[word] == 0
}
