package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// Unseen reads new rows for a network that was trained on the data of a spec, and scales them as its training examples
// were. X is [rows, inputs]. place is a table; for a network that was trained on arrays or images it may also be an
// .npy file of rows, an image, or a folder of images, which are rows in the order of their names.
//
// The columns of a table with names are found by these; the label, and what the training left out, may be missing. Those
// of a table without names are in the order of the training, with the label or without. The error says which columns
// or words do not fit.
func (f *Files) Unseen(s Spec, seed uint64, place string) (x []float32, rows int, err error) {
	set, err := checked(s)
	if err != nil {
		return nil, 0, err
	}
	p, c, err := f.parts(set, s, seed)
	if err != nil {
		return nil, 0, err
	}
	read := f.unseenTable
	if set.Name != csvFile.Name && notTable(place) {
		read = unseenArray
	}
	ex, err := read(set, s, place, p.train.in)
	if err != nil {
		return nil, 0, err
	}
	split, err := ex.all().scaled(fit(s.Scale, set.pixels || c != nil && c.pixels, p.train))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", place, err)
	}
	return split.Floats(), split.N, nil
}

// unseenTable reads rows from a table.
func (f *Files) unseenTable(set set, s Spec, place string, in int) (*examples, error) {
	of := &csvTable{layout: layout{roles: slices.Repeat([]role{asInput}, in)}}
	of.vocabularies, of.truths = make([]*vocabulary, in), make([]truth, in)
	if set.Name == csvFile.Name {
		var err error
		if _, of, err = readTables(s, f.looksIn(s)); err != nil {
			return nil, err
		}
	}
	path, text, err := tableText("table", place, []string{"."})
	if err != nil {
		return nil, err
	}
	ex, err := of.unseen(text, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ex, nil
}

// unseen reads rows without labels that stand in columns like those of t.
func (t *csvTable) unseen(text []byte, r Spec) (*examples, error) {
	blocks, inputs, err := t.blocks()
	if err != nil {
		return nil, err
	}
	u := &csvTable{fixed: true}
	if len(blocks) == 1 && r.Sep == "" && !strings.ContainsAny(string(text[:min(len(text), 1<<16)]), ",;\t") {
		r.Sep = "comma" // one column has no separator
	}
	text, first, err := u.begin(text, r)
	if err != nil {
		return nil, err
	}
	from, err := t.match(u, first, blocks)
	if err != nil {
		return nil, err
	}
	if err := u.readRows(text); err != nil {
		return nil, err
	}
	for _, b := range blocks {
		if v := u.vocabularies[from[b.column]]; v != nil && len(v.words) > len(b.words) {
			at := len(b.words)
			return nil, fmt.Errorf("%s: the word %s is not among those of the training examples: %s",
				u.place(v.lines[at], from[b.column]),
				quotedWord(v.words[at]), Listed(b.words))
		}
	}
	return u.rowsLike(blocks, inputs, from), nil
}

func quotedWord(word string) string { return "\"" + shortened(word) + "\"" }

// match gives the columns of u the roles that those of t have, and lists the column of u for each one of t.
func (t *csvTable) match(u *csvTable, first []record, blocks []block) (from []int, err error) {
	head := first[0].cells
	columns := len(first[min(1, len(first)-1)].cells)
	if t.names != nil {
		u.skip, u.names = 1, head
		if len(head) == columns-1 { // R's row names have no name
			u.names = append([]string{""}, head...)
		}
		if len(u.names) != columns {
			return nil, fmt.Errorf("line %d names %d columns, but line %d has %d cells", first[0].line, len(head),
				first[1].line, columns)
		}
		if from, err = t.matchNames(u.names, blocks); err != nil {
			return nil, err
		}
	} else {
		number := func(cell string) bool { return isNumber(cell, u.sep) }
		if len(t.header) == 0 && !slices.ContainsFunc(head, number) && len(first) > 1 && slices.ContainsFunc(first[1].cells, number) {
			u.skip, u.names = 1, head
		}
		if from, err = t.matchPlaces(columns, blocks); err != nil {
			return nil, err
		}
	}
	u.layout = layout{header: u.names, roles: make([]role, columns)}
	u.vocabularies, u.truths = make([]*vocabulary, columns), make([]truth, columns)
	for _, b := range blocks {
		at := from[b.column]
		u.roles[at], u.truths[at] = t.roles[b.column], t.truths[b.column]
		if v := t.vocabularies[b.column]; v != nil {
			u.vocabularies[at] = v.copy()
		}
	}
	return from, nil
}

// matchNames finds the inputs among the names of other columns, and refuses names that the training did not know.
func (t *csvTable) matchNames(names []string, blocks []block) ([]int, error) {
	from := make([]int, len(t.roles))
	var lacking, renamed, unknown []string
	for _, b := range blocks {
		name := t.names[b.column]
		same := func(n string) bool { return n == name }
		from[b.column] = slices.Index(names, name)
		switch {
		case slices.Equal(names, t.names):
			from[b.column] = b.column
		case from[b.column] < 0:
			lacking = append(lacking, t.name(b.column))
			if like := likeColumn(name, names); like != "" && !slices.Contains(t.names, like) {
				renamed = append(renamed, fmt.Sprintf("%s for %s", shortened(like), t.name(b.column)))
			}
		case slices.ContainsFunc(names[from[b.column]+1:], same):
			return nil, fmt.Errorf("two columns are called %s", quotedWord(name))
		}
	}
	numbers := 0
	for i, n := range names {
		switch known := slices.Contains(t.names, n); {
		case !known && n == "":
			unknown = append(unknown, fmt.Sprintf("%d, which has no name", i+1))
		case !known:
			unknown = append(unknown, n)
		}
		if isNumber(n, 0) {
			numbers++
		}
	}
	switch {
	case len(lacking) > 0 && numbers > 0 && len(lacking) == len(blocks):
		return nil, fmt.Errorf("its first line, %s, is no line of names: write those of the columns above it, %s", Listed(names),
			Listed(lacking))
	case len(lacking) > 0:
		meant := ""
		if len(renamed) > 0 {
			meant = "; is it " + strings.Join(renamed[:min(len(renamed), 3)], ", ") + "?"
		}
		return nil, fmt.Errorf("it has no column %s, which the network was trained with; its first line names %s%s", Listed(lacking),
			Listed(names), meant)
	case len(unknown) > 0:
		return nil, fmt.Errorf("the network was not trained with the column %s; leave it out", Listed(unknown))
	}
	return from, nil
}

// matchPlaces finds the inputs by their order, in a table with the columns of the training or with the inputs only.
func (t *csvTable) matchPlaces(columns int, blocks []block) ([]int, error) {
	from := make([]int, len(t.roles))
	for i := range from {
		from[i] = i
	}
	used := len(blocks)
	switch columns {
	case len(t.roles):
	case len(t.roles) - len(t.labels):
		next := 0
		for i := range from {
			from[i] = next
			if !slices.Contains(t.labels, i) {
				next++
			}
		}
	case used:
		for k, b := range blocks {
			from[b.column] = k
		}
	default:
		return nil, fmt.Errorf("it has %d columns, but the network was trained with %d inputs", columns, used)
	}
	return from, nil
}

// copy is a vocabulary that can take more words.
func (v *vocabulary) copy() *vocabulary {
	c := newVocabulary()
	for i, word := range v.words {
		c.of(word, v.lines[i])
	}
	return c
}

// rowsLike are rows as inputs in the order of blocks of another table, whose columns are found in those that from lists.
func (t *csvTable) rowsLike(blocks []block, inputs int, from []int) *examples {
	width := len(t.numbers) / t.n
	number := make([]int, len(t.roles)) // of each column among the numbers
	next := 0
	for i, role := range t.roles {
		number[i] = next
		if role == asInput {
			next++
		}
	}
	return &examples{n: t.n, in: inputs, row: func(i int, x []float64) {
		clear(x)
		for _, b := range blocks {
			at := from[b.column]
			if b.number >= 0 {
				x[b.at] = t.numbers[i*width+number[at]]
			} else {
				x[b.at+int(b.order[t.codes[at][i]])] = 1
			}
		}
	}}
}
