package dataset

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// truth is how a column of inputs writes true and false, in small letters; empty
// words where it has numbers, or True and False.
type truth struct{ yes, no string }

// truths are the ways besides True and False.
var truths = []truth{{"t", "f"}, {"yes", "no"}, {"y", "n"}, {"ja", "nein"},
	{"wahr", "falsch"}, {"vrai", "faux"}, {"vero", "falso"}, {"verdadero", "falso"}} // of spreadsheets

// findTruths finds the columns of inputs in which the first examples have both
// words of a way and nothing else, and notes that they are read as 1 and 0.
func (t *csvTable) findTruths(examples []record) {
	t.truths = make([]truth, len(t.roles))
	for i, role := range t.roles {
		if role != asInput {
			continue
		}
		for _, way := range truths {
			if way.all(examples, i) {
				t.truths[i] = way
				t.notes = append(t.notes, fmt.Sprintf("in column %d%s, %s and %s are read as 1 and 0", i+1, t.called(i),
					t.written(examples, i, way.yes), t.written(examples, i, way.no)))
			}
		}
	}
}

// isTruth tells True and False from numbers.
func isTruth(cell string) bool {
	return strings.EqualFold(cell, "true") || strings.EqualFold(cell, "false")
}

// truthValue is 1 for True and 0 for False.
func truthValue(cell string) float64 {
	if strings.EqualFold(cell, "true") {
		return 1
	}
	return 0
}

// truthsAmongNumbers warns of True and False in columns of other numbers than 1 and 0.
func (t *csvTable) truthsAmongNumbers() (list []string) {
	k := 0
	for i, role := range t.roles {
		if role != asInput {
			continue
		}
		c := t.numberColumn(k)
		k++
		if line := t.truthLines[i]; line > 0 && !t.all(func(row int) bool { return c(row) == 0 || c(row) == 1 }) {
			list = append(list, fmt.Sprintf("in column %d%s, which has other numbers, True and False are read as 1 and 0, first in line %d",
				i+1, t.called(i), line))
		}
	}
	return list
}

// findThousands warns of numbers that look as if a point or a comma separated
// their thousands, but are read as if it were that of decimals: 950, 1.234.
func (t *csvTable) findThousands(examples []record) {
	for i, role := range t.roles {
		if role != asInput || t.sep == ',' {
			continue
		}
		plain, grouped := 0, ""
		for _, rec := range examples {
			if i >= len(rec.cells) || !thousands.MatchString(rec.cells[i]) {
				plain, grouped = 0, ""
				break
			}
			if strings.ContainsAny(rec.cells[i], ".,") {
				grouped = rec.cells[i]
			} else {
				plain++
			}
		}
		if plain > 0 && grouped != "" {
			t.notes = append(t.notes, fmt.Sprintf("%s in column %d%s is read as a number with decimals; if thousands are "+
				"separated, write it without", grouped, i+1, t.called(i)))
		}
	}
}

// thousands matches whole numbers below 1000, and larger ones with one separator.
var thousands = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,2}([.,][0-9]{3})?)$`)

// all tells a column that has both words and nothing else.
func (way truth) all(examples []record, column int) bool {
	yes, no := false, false
	for _, rec := range examples {
		if column >= len(rec.cells) {
			return false
		}
		v, ok := way.number(rec.cells[column])
		if !ok {
			return false
		}
		yes, no = yes || v == 1, no || v == 0
	}
	return yes && no
}

// number is 1 or 0 for one of the words.
func (way truth) number(cell string) (float64, bool) {
	switch low := strings.ToLower(cell); {
	case low == "":
		return 0, false
	case low == way.yes:
		return 1, true
	case low == way.no:
		return 0, true
	}
	return 0, false
}

// written is a word as the column first writes it.
func (t *csvTable) written(examples []record, column int, word string) string {
	i := slices.IndexFunc(examples, func(rec record) bool { return strings.EqualFold(rec.cells[column], word) })
	return examples[i].cells[column]
}
