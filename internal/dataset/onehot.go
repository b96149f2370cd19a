package dataset

import (
	"fmt"
	"slices"
)

// maxWords bounds the inputs that one column of words becomes.
const maxWords = 1000

// block is one column of a table among the inputs: a number, or as many
// inputs as it has words.
type block struct {
	column int // of the table
	number int // column of the table's numbers; -1 for words
	at     int // first input
	words  []string
	order  []int32 // input, from at, of each word
}

// blocks are the columns that are inputs, in the order of the file. The words
// of a column are inputs in the order of classes.
func (t *csvTable) blocks() (list []block, inputs int, err error) {
	numbers := 0
	for i, role := range t.roles {
		switch role {
		case asInput:
			list = append(list, block{column: i, number: numbers, at: inputs})
			numbers++
			inputs++
		case asWords:
			v := t.vocabularies[i]
			if len(v.words) > maxWords {
				return nil, 0, fmt.Errorf("column %d%s has %d different words, and one_hot makes at most %d inputs of a column; leave "+
					"it out with drop: [%s]",
					i+1, t.called(i), len(v.words), maxWords, t.key(i))
			}
			if err := t.distinct(i); err != nil {
				return nil, 0, err
			}
			b := block{column: i, number: -1, at: inputs, words: orderedClasses(v.words), order: make([]int32, len(v.words))}
			for k, word := range v.words {
				b.order[k] = int32(slices.Index(b.words, word))
			}
			list = append(list, b)
			inputs += len(b.words)
		}
	}
	return list, inputs, nil
}

// inputNames are the names of the inputs: of their columns, and column=word.
func (t *csvTable) inputNames(blocks []block) []string {
	var names []string
	for _, b := range blocks {
		if b.number >= 0 {
			names = append(names, t.name(b.column))
		}
		for _, word := range b.words {
			names = append(names, t.name(b.column)+"="+printable(word))
		}
	}
	return names
}

// examples are the rows of a table as inputs and targets; labels follow when
// the classes are known.
func (t *csvTable) examples(blocks []block, inputs int) *examples {
	ex := &examples{n: t.n, in: inputs, targets: t.targets}
	width := len(t.numbers) / t.n
	if width == inputs {
		ex.row = floatRows(t.numbers, width)
		return ex
	}
	ex.row = func(i int, x []float64) {
		clear(x)
		for _, b := range blocks {
			if b.number >= 0 {
				x[b.at] = t.numbers[i*width+b.number]
			} else {
				x[b.at+int(b.order[t.codes[b.column][i]])] = 1
			}
		}
	}
	return ex
}

// corpus is what a table holds, and its test table where it has one, but for
// the labels.
func (t *csvTable) corpus() (*corpus, error) {
	blocks, inputs, err := t.blocks()
	if err != nil {
		return nil, err
	}
	if cells := float64(inputs) * float64(t.n); cells > maxValues {
		return nil, fmt.Errorf("%d rows of %d inputs are more values than the limit of %d", t.n, inputs, maxValues)
	}
	c := &corpus{sum: t.sum, columns: t.inputNames(blocks), train: t.examples(blocks, inputs)}
	for i, role := range t.roles {
		if role == asGroup {
			c.groups = t.codes[i]
		}
	}
	if t.test != nil {
		c.test = t.test.examples(blocks, inputs)
		c.sum += " test=" + t.test.sum
	}
	if err := t.label(c); err != nil {
		return nil, err
	}
	c.warnings, c.testsTraining = t.warn(), t.testsTraining()
	return c, nil
}
