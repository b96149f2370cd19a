package dataset

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxClasses bounds the classes of a table: splits would take minutes, and no
// network of this program has that many outputs.
const maxClasses = 10_000

// orderedClasses are the different labels in the order of the numbers, if all
// of them are whole numbers, or of the alphabet.
func orderedClasses(labels []string) []string {
	classes := slices.Clone(labels)
	whole := !slices.ContainsFunc(labels, func(name string) bool { _, err := strconv.Atoi(name); return err != nil })
	slices.SortFunc(classes, func(a, b string) int {
		if whole {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return cmp.Compare(x, y)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(classes)
}

// classes are the names of the classes that the words of the label column
// stand for, and the class of each word. If all words are numbers they must be
// whole, and are written in one way.
func (t *csvTable) classNames() (classes []string, of []int32, err error) {
	at := t.labels[0]
	v := t.vocabularies[at]
	names := slices.Clone(v.words)
	numeric := !slices.ContainsFunc(names, func(word string) bool { return !isPlainNumber(word, t.sep) || longWhole(word) })
	for i, name := range names {
		if !numeric {
			break
		}
		value, _ := number(name, t.sep)
		if value != math.Trunc(value) || math.Abs(value) >= maxWhole {
			return nil, nil, fmt.Errorf("%s: label %s is not a class, which is text or a whole number; say task: regression to "+
				"predict the number, or name another column with label: NAME%s",
				t.place(v.lines[i], at), shortened(name), t.otherLabel())
		}
		names[i] = strconv.Itoa(int(value))
	}
	t.notes = append(t.notes, joined(v.words, names)...)
	classes = orderedClasses(names)
	if err := t.plausible(classes, numeric); err != nil {
		return nil, nil, err
	}
	if err := t.distinct(at); err != nil {
		return nil, nil, err
	}
	class := make(map[string]int32, len(classes))
	for i, name := range classes {
		class[name] = int32(i)
	}
	of = make([]int32, len(names))
	for i, name := range names {
		of[i] = class[name]
	}
	if t.classes != nil && at == len(t.roles)-1 { // scikit-learn's names belong to its last column
		if !slices.Equal(classes, numbered(len(t.classes))) {
			return nil, nil, fmt.Errorf("the first line names %d classes, but the labels are %s", len(t.classes), Listed(classes))
		}
		classes = t.classes
	}
	names = make([]string, len(classes))
	for i, name := range classes {
		names[i] = printable(name)
	}
	return names, of, nil
}

// distinct refuses words of a column that look the same and are not: some are in another encoding than the others, or
// spell out a character that stands in others.
func (t *csvTable) distinct(column int) error {
	v := t.vocabularies[column]
	first := make(map[string]int, len(v.words))
	for i, word := range v.words {
		looks := printable(word)
		if other, ok := first[looks]; ok {
			return fmt.Errorf("%s: \"%s\" is not the word of line %d that looks the same: is one of them not UTF-8? save the file in one "+
				"encoding", t.place(v.lines[i], column), shortened(word), v.lines[other])
		}
		first[looks] = i
	}
	return nil
}

// joined warns of classes that labels stand for which are written in several ways.
func joined(words, classes []string) (list []string) {
	first := map[string]string{} // the word that a class is written by first
	for i, class := range classes {
		word, ok := first[class]
		if !ok {
			first[class] = words[i]
		} else if word != "" {
			list = append(list, fmt.Sprintf("the labels %s and %s are one class, %s; write them in one way, or add a letter if they "+
				"are two", shortened(word), shortened(words[i]), class))
			first[class] = ""
		}
		if len(list) == 3 {
			break
		}
	}
	return list
}

// isPlainNumber tells a number from a word; True and False are words here.
func isPlainNumber(word string, sep rune) bool {
	return isNumber(word, sep) && !isTruth(word)
}

// maxWhole is the whole number below which float64 tells all from each other.
const maxWhole = 1 << 53

// longWhole tells digits, as of an id, that are more than a number can hold: they are a word.
func longWhole(word string) bool {
	v, err := strconv.ParseFloat(word, 64)
	return err == nil && math.Abs(v) >= maxWhole && strings.Trim(word, "+-0123456789") == ""
}

// plausible refuses labels that tell nothing apart, and those that are a
// measurement or a name and no class: more of them than half of the rows.
func (t *csvTable) plausible(classes []string, numeric bool) error {
	at := t.labels[0]
	n := t.n
	if t.test != nil {
		n += t.test.n
	}
	column := fmt.Sprintf("column %d%s", at+1, t.called(at))
	switch {
	case len(classes) < 2:
		return fmt.Errorf("every label in %s is \"%s\"; there is nothing to tell apart%s", column, shortened(classes[0]),
			t.otherLabel())
	case n >= 20 && 2*len(classes) > n && numeric:
		return fmt.Errorf("the label, %s, has %d different values in %d rows: that is a measurement and no class; say task: "+
			"regression to predict it, or name another column with label:%s",
			column, len(classes), n, t.otherLabel())
	case n >= 20 && 2*len(classes) > n:
		return fmt.Errorf("the label, %s, has %d different words in %d rows: that is a name and no class; name another column "+
			"with label:%s",
			column, len(classes), n, t.otherLabel())
	case len(classes) > maxClasses:
		return fmt.Errorf("the label, %s, has %d classes, and the limit is %d; name another column with label: NAME",
			column, len(classes), maxClasses)
	}
	return nil
}

// otherLabel points at the first column where it looks like the label: a few
// whole numbers, each on many rows.
func (t *csvTable) otherLabel() string {
	if t.roles[0] != asInput {
		return ""
	}
	width := len(t.numbers) / t.n
	times := map[float64]int{}
	for i := 0; i < len(t.numbers); i += width {
		v := t.numbers[i]
		if times[v]++; v != math.Trunc(v) || len(times) > 20 {
			return ""
		}
	}
	if len(times) < 2 || len(times)*5 > t.n {
		return ""
	}
	return fmt.Sprintf(" (column 1 has %d whole values: is it label: %s?)", len(times), t.key(0))
}

// label gives the examples of a corpus their labels.
func (t *csvTable) label(c *corpus) error {
	if t.roles[t.labels[0]] == asTarget {
		return t.checkTargets(c)
	}
	classes, of, err := t.classNames()
	if err != nil {
		return err
	}
	c.classes = classes
	c.train.labels = t.classesOf(of)
	if t.test == nil {
		return nil
	}
	c.test.labels = t.test.classesOf(of)
	trained := make([]bool, len(classes))
	for _, class := range c.train.labels {
		trained[class] = true
	}
	for i, name := range classes {
		if !trained[i] {
			like := slices.IndexFunc(classes, func(other string) bool { return other != name && alike(other) == alike(name) })
			if like >= 0 {
				return fmt.Errorf("label \"%s\" of the test examples is the label of no training example, of which some are \"%s\": "+
					"write it in one way", shortened(name), shortened(classes[like]))
			}
			return fmt.Errorf("label \"%s\" of the test examples is the label of no training example", shortened(name))
		}
	}
	return nil
}

// classesOf replaces the words of the label column by their classes.
func (t *csvTable) classesOf(of []int32) []int32 {
	labels := t.codes[t.labels[0]]
	for i, code := range labels {
		labels[i] = of[code]
	}
	return labels
}

func (t *csvTable) checkTargets(c *corpus) error {
	c.regression = true
	for k, at := range t.labels {
		c.outputs = append(c.outputs, t.name(at))
		constant := true
		for i := k; i < len(t.targets); i += len(t.labels) {
			constant = constant && t.targets[i] == t.targets[k]
		}
		if constant {
			return fmt.Errorf("every target in column %d%s is %g; there is nothing to predict", at+1, t.called(at), t.targets[k])
		}
	}
	return nil
}
