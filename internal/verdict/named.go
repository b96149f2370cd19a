package verdict

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"nightshift/internal/nearest"
	"nightshift/internal/study"
)

// CellNamed finds the cell that a text means: its label, or its places on the axes in any order, with commas or blanks between
// them and each in any spelling that a study file may have (lr=1e-1, learning_rate: 0.1). Axes on which nothing else could be
// meant may be left out, and keys that are no axis be named. Its error says what is wrong and which cell is the nearest.
func (r *Results) CellNamed(text string) (*Cell, error) {
	text = strings.TrimSpace(text)
	if at := slices.IndexFunc(r.Cells, func(c *Cell) bool { return study.SameLabel(c.Label, text) }); at >= 0 {
		return r.Cells[at], nil
	}
	if len(r.Cells) == 0 {
		return nil, errors.New("it has none")
	}
	n := cellNames{cells: r.Cells}
	for _, c := range r.Cells {
		for _, v := range c.Axes {
			if !slices.Contains(n.axes, v.Axis) {
				n.axes = append(n.axes, v.Axis)
			}
		}
	}
	return n.find(text)
}

// cellNames reads texts that name cells.
type cellNames struct {
	cells []*Cell
	axes  []string
}

// namedPlace is one place in such a text. Its axis is "" where the text is neither a place nor has the name of an axis or key.
type namedPlace struct {
	text, axis, value string
	known             bool // some cell has it
}

func (n cellNames) find(text string) (*Cell, error) {
	where := n.read(text)
	cells := n.cells
	for _, p := range where {
		if p.known {
			on := n.on(p)
			cells = slices.DeleteFunc(slices.Clone(cells), func(c *Cell) bool { return !on(c) })
		}
	}
	if at := slices.IndexFunc(where, func(p namedPlace) bool { return !p.known }); at >= 0 {
		return nil, n.unknown(where[at], cells)
	}
	if exact := slices.DeleteFunc(slices.Clone(cells), func(c *Cell) bool { return len(c.Axes) != len(where) }); len(exact) == 1 {
		return exact[0], nil
	}
	switch {
	case len(cells) == 1:
		return cells[0], nil
	case len(where) == 0:
		return nil, fmt.Errorf("a label names its places, as in %q", n.cells[0].Label)
	case len(cells) == 0:
		return nil, fmt.Errorf("none has all of that%s", nearest.DidYouMean(n.most(where).Label))
	}
	return nil, fmt.Errorf("%d have that%s", len(cells), n.apart(cells))
}

// read takes a text apart: from its beginning, again and again the longest part that is a place of some cell. A label may itself
// have blanks and commas.
func (n cellNames) read(text string) (where []namedPlace) {
	for text = trimPlace(text); text != ""; {
		ends := placeEnds(text)
		p, end := n.place(text[:ends[0]]), ends[0]
		for _, longer := range ends[1:] { // the name of an axis may have blanks
			if p.axis == "" {
				p, end = n.place(text[:longer]), longer
			}
		}
		if p.axis == "" {
			end = phraseEnd(text, ends)
			p = n.place(text[:end])
		}
		for _, longer := range slices.Backward(ends) {
			if whole := n.place(text[:longer]); whole.known {
				p, end = whole, longer
				break
			}
		}
		where, text = append(where, p), trimPlace(text[end:])
	}
	return where
}

// phraseEnd is the end of words that belong together: a comma, the next word with an equals sign, or the end of the text.
func phraseEnd(text string, ends []int) int {
	for _, end := range ends {
		next, _, _ := strings.Cut(strings.TrimSpace(text[end:]), " ")
		if strings.ContainsAny(text[end:min(end+1, len(text))], ",;") || strings.Contains(next, "=") {
			return end
		}
	}
	return len(text)
}

// trimPlace takes blanks, commas and semicolons off both ends.
func trimPlace(text string) string {
	return strings.TrimFunc(text, func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' })
}

// placeEnds are where a place that the text begins with may end: at blanks and commas outside of brackets and quotes.
func placeEnds(text string) (ends []int) {
	depth, quote := 0, rune(0)
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.ContainsRune("([{", c):
			depth++
		case strings.ContainsRune(")]}", c):
			depth--
		case depth <= 0 && (unicode.IsSpace(c) || c == ',' || c == ';'):
			ends = append(ends, i)
		}
	}
	return append(ends, len(text))
}

// place reads axis=value or axis: value, or the value alone where one axis has it.
func (n cellNames) place(text string) namedPlace {
	for _, sign := range []string{"=", ":"} {
		name, value, assigned := strings.Cut(text, sign)
		if axis := study.AxisOrKey(strings.TrimSpace(name), n.axes); assigned && axis != "" {
			p := namedPlace{text, axis, strings.TrimSpace(value), false}
			p.known = slices.ContainsFunc(n.cells, n.on(p))
			return p
		}
	}
	var of []string
	for _, a := range n.axes {
		if slices.ContainsFunc(n.cells, n.on(namedPlace{axis: a, value: text})) {
			of = append(of, a)
		}
	}
	if len(of) == 1 {
		return namedPlace{text: text, axis: of[0], value: text, known: true}
	}
	return namedPlace{text: text}
}

// on says whether a cell has the place. Where the study has the axis, the cells that are not on it have no place there.
func (n cellNames) on(p namedPlace) func(*Cell) bool {
	return func(c *Cell) bool {
		v, ok := study.PlaceOf(p.axis, n.axes, c.Axes, &c.Config)
		return ok && v.Spelled(p.value)
	}
}

// unknown is the error about a place that no cell has, with the nearest of the cells that have the others.
func (n cellNames) unknown(p namedPlace, cells []*Cell) error {
	if len(cells) == 0 {
		cells = n.cells
	}
	if p.axis == "" {
		known := slices.Clone(n.axes)
		for _, c := range n.cells {
			for _, v := range c.Axes {
				known = append(known, v.Label)
			}
		}
		name, _, _ := strings.Cut(p.text, "=")
		return fmt.Errorf("%q names no axis and no place of one%s", p.text, nearest.Suggest(strings.TrimSpace(name), known))
	}
	least, best := math.Inf(1), cells[0]
	for _, c := range cells {
		if v, ok := study.PlaceOf(p.axis, n.axes, c.Axes, &c.Config); ok {
			if far := p.far(v); far < least {
				least, best = far, c
			}
		}
	}
	return fmt.Errorf("none has %s=%s%s", p.axis, p.value, nearest.DidYouMean(best.Label))
}

// far is how far a place is from a value on its axis: by the ratio of positive numbers, the difference of others, and the slips
// between words.
func (p namedPlace) far(v study.AxisValue) float64 {
	x, err := strconv.ParseFloat(p.value, 64)
	y := v.Number()
	switch {
	case err != nil || math.IsNaN(y):
		return 1e6 + float64(nearest.Slips(p.value, v.Label))
	case x > 0 && y > 0:
		return math.Abs(math.Log(x / y))
	}
	return math.Abs(x - y)
}

// most is the cell that has the most of the places.
func (n cellNames) most(where []namedPlace) *Cell {
	met := func(c *Cell) (count int) {
		for _, p := range where {
			if n.on(p)(c) {
				count++
			}
		}
		return count
	}
	return slices.MaxFunc(n.cells, func(a, b *Cell) int { return cmp.Compare(met(a), met(b)) })
}

// apart says what would tell several cells from each other.
func (n cellNames) apart(cells []*Cell) string {
	var open []string
	for _, a := range n.axes {
		if slices.ContainsFunc(cells, func(c *Cell) bool { return c.place(a) != cells[0].place(a) }) {
			open = append(open, a)
		}
	}
	if len(open) == 0 {
		return nearest.DidYouMean(cells[0].Label)
	}
	return fmt.Sprintf("; name %s too, as in %q", strings.Join(open, ", "), cells[0].Label)
}

// place is the cell's label on an axis, "" where it is on none.
func (c *Cell) place(axis string) string {
	if at := slices.IndexFunc(c.Axes, func(v study.AxisValue) bool { return v.Axis == axis }); at >= 0 {
		return c.Axes[at].Label
	}
	return ""
}
