package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// doubts are what is doubtful about the classes of any file: those with a single
// example, those whose names may say that there is no label, numbers among words,
// and those whose names differ in capitals only.
func (c *corpus) doubts() (list []string) {
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
	first := map[string]string{} // by its name without capitals
	for _, name := range c.classes {
		low := strings.ToLower(name)
		if other, ok := first[low]; ok {
			list = append(list, fmt.Sprintf("classes %s and %s differ in capitals only", shortened(other), shortened(name)))
			break
		}
		first[low] = name
	}
	return list
}
