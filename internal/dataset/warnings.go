package dataset

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// warn lists what is doubtful about a table that can be read.
func (t *csvTable) warn() (list []string) {
	list = append(list, t.notes...)
	if t.warning != "" {
		list = append(list, t.warning)
	}
	if t.short && t.roles[0] == asInput && !t.counts(0, t.numberColumn(0)) {
		list = append(list, fmt.Sprintf("line 1 has %d names for %d columns: the first column, an input, is taken to have none",
			len(t.roles)-1, len(t.roles)))
	}
	list = append(list, t.truthsAmongNumbers()...)
	if t.empty == 1 {
		list = append(list, "a line of empty cells is left out")
	} else if t.empty > 1 {
		list = append(list, fmt.Sprintf("%d lines of empty cells are left out", t.empty))
	}
	if t.testsTraining() {
		list = append(list, "the test examples are the training examples: their error says nothing of new examples")
	}
	list = append(list, t.likeNames()...)
	list = append(list, t.wordWarnings()...)
	k := 0
	var same []string // columns that are
	for i, role := range t.roles {
		if role != asInput {
			continue
		}
		c := t.numberColumn(k)
		k++
		switch {
		case t.tells(c):
			list = append(list, fmt.Sprintf("column %d%s tells the label: each of its values stands with one label and each label "+
				"with one value; leave it out with drop: [%s] if it is the label again",
				i+1, t.called(i), t.key(i)))
		case t.counts(i, c):
			list = append(list, fmt.Sprintf("column %d%s looks like the number of the row or an id and may give the label away; "+
				"leave it out with drop: [%s]",
				i+1, t.called(i), t.key(i)))
		case t.all(func(row int) bool { return c(row) == c(0) }):
			same = append(same, t.key(i))
		}
	}
	switch len(same) {
	case 0:
	case 1:
		list = append(list, fmt.Sprintf("column %s is the same in every row", same[0]))
	default:
		list = append(list, fmt.Sprintf("%d columns are the same in every row: %s", len(same), Listed(same)))
	}
	return list
}

// testsTraining says whether the test file is the training file.
func (t *csvTable) testsTraining() bool {
	return t.test != nil && strings.HasPrefix(t.sum, "sha256="+t.test.sum)
}

// likeNames warns of names that several inputs have.
func (t *csvTable) likeNames() (list []string) {
	at := map[string][]string{}
	for i, name := range t.header {
		if name != "" && t.roles[i] != unused {
			at[name] = append(at[name], strconv.Itoa(i+1))
			if len(at[name]) == 2 {
				list = append(list, name)
			}
		}
	}
	for i, name := range list {
		list[i] = fmt.Sprintf("columns %s are all called %s", Listed(at[name]), shortened(name))
	}
	return list
}

// numberColumn reads one column of the numbers of a table.
func (t *csvTable) numberColumn(k int) func(row int) float64 {
	width := len(t.numbers) / t.n
	return func(row int) float64 { return t.numbers[row*width+k] }
}

// all tells whether something is so of every row.
func (t *csvTable) all(ok func(row int) bool) bool {
	for i := range t.n {
		if !ok(i) {
			return false
		}
	}
	return true
}

// idNames are the names of columns that number rows.
var idNames = regexp.MustCompile(
	`^(?i:|unnamed: ?\d+|index|idx|id|uid|uuid|guid|row|rows?[ _.]?(id|names?|num|number|nr)|rn|nr|no\.?|` +
		`num|number|#|s\.? ?no\.?|.*[ _.-]id)$|[a-z](Id|ID)$`)

// counts tells an index or an id: whole numbers that count the rows, in any
// order, or whole numbers in a column that is called so, or has no name where
// others have.
func (t *csvTable) counts(column int, c func(int) float64) bool {
	if t.n < 3 {
		return false
	}
	first := c(0)
	if (first == 0 || first == 1) && t.all(func(i int) bool { return c(i) == first+float64(i) }) {
		return true
	}
	if t.shuffledCount(c) {
		return true
	}
	return column < len(t.header) && idNames.MatchString(t.header[column]) &&
		t.all(func(i int) bool { return c(i) == math.Trunc(c(i)) })
}

// shuffledCount tells the numbers 0 to n-1, or 1 to n, in another order. A few
// rows may be so by chance.
func (t *csvTable) shuffledCount(c func(int) float64) bool {
	if t.n < 20 {
		return false
	}
	seen := make([]bool, t.n+1)
	each := t.all(func(i int) bool {
		v := c(i)
		if v != math.Trunc(v) || v < 0 || v > float64(t.n) || seen[int(v)] {
			return false
		}
		seen[int(v)] = true
		return true
	})
	return each && (!seen[0] || !seen[t.n])
}

// tells tells a column that is the label once more: as many values as labels,
// one for each. A few rows agree by chance.
func (t *csvTable) tells(c func(int) float64) bool {
	if t.n < 10 {
		return false
	}
	if t.roles[t.labels[0]] == asTarget {
		for k := range t.labels {
			if t.all(func(i int) bool { return float32(c(i)) == t.targets[i*len(t.labels)+k] }) {
				return true
			}
		}
		return false
	}
	codes := t.codes[t.labels[0]]
	value, label := map[int32]float64{}, map[float64]int32{}
	return t.all(func(i int) bool {
		v, class := c(i), codes[i]
		if old, ok := value[class]; ok && old != v {
			return false
		}
		old, ok := label[v]
		value[class], label[v] = v, class
		return !ok || old == class
	})
}
