package dataset

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// classWarnings are what is doubtful about the classes of any file: those with a single
// example, those whose names may say that there is no label, numbers among words,
// and those whose names differ in how they are written only.
func (c *corpus) classWarnings() (list []string) {
	times := make([]int, len(c.classes))
	for _, label := range c.train.labels {
		times[label]++
	}
	var alone []string
	for class, n := range times {
		if n < 2 && c.test == nil {
			alone = append(alone, c.classes[class])
		}
	}
	if len(alone) > 0 {
		list = append(list, "classes with one example, which is not in every split: "+Listed(alone))
	}
	for _, name := range c.classes {
		if doubtful(name) && !slices.Contains(c.classes, "+") { // credit approval has + and -
			list = append(list, fmt.Sprintf("the class %s may stand for rows without a label; if so, leave them out", name))
		}
	}
	numbers := slices.DeleteFunc(slices.Clone(c.classes), func(name string) bool { return !isPlainNumber(name, 0) })
	if n := len(numbers); n > 0 && n < len(c.classes) {
		list = append(list, fmt.Sprintf("classes that are numbers, among words: %s; do they stand for rows without a label?",
			Listed(numbers)))
	}
	if a, b, found := pairAlike(c.classes); found {
		list = append(list, fmt.Sprintf("classes %s and %s differ in %s only", a, b, differ(a, b)))
	}
	return list
}

// wordWarnings are what is doubtful about the words of columns that become inputs.
func (t *csvTable) wordWarnings() (list []string) {
	for i, role := range t.roles {
		if role != asWords {
			continue
		}
		words := t.vocabularies[i].words
		if a, b, found := pairAlike(words); found {
			list = append(list, fmt.Sprintf("in column %d%s, the words %s and %s differ in %s only, and are two inputs", i+1, t.called(i),
				a, b, differ(a, b)))
		}
		if t.n >= 20 && 2*len(words) > t.n {
			list = append(list, fmt.Sprintf("column %d%s has %d different words in %d rows, each of which is an input: if it is a "+
				"name or an id, leave it out with drop: [%s]", i+1, t.called(i), len(words), t.n, t.key(i)))
		}
		if at := slices.IndexFunc(words, missing); at >= 0 {
			list = append(list, fmt.Sprintf("in column %d%s, %s is a word like the others, and an input", i+1, t.called(i),
				shortened(words[at])))
		}
	}
	return list
}

// pairAlike finds two words that differ in how they are written only.
func pairAlike(words []string) (a, b string, found bool) {
	first := make(map[string]string, len(words)) // by what is the same in both
	for _, word := range words {
		same := alike(word)
		if other, ok := first[same]; ok {
			return shortened(other), shortened(word), true
		}
		first[same] = word
	}
	return "", "", false
}

// alike is a name without what people write in several ways: capitals, blanks,
// dashes and underscores, the digits of a number, and a point at its end.
func alike(name string) string {
	if longWhole(name) {
		return name
	}
	if isPlainNumber(name, 0) {
		value, _ := number(name, 0)
		return fmt.Sprint(value)
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return unicode.IsSpace(r) || r == '-' || r == '_'
	})
	if len(words) == 0 {
		return name
	}
	return strings.TrimRight(strings.Join(words, " "), ".")
}

// differ says in what two names differ that are alike.
func differ(a, b string) string {
	if strings.EqualFold(a, b) {
		return "capitals"
	}
	return "how they are written"
}
