package study

import (
	"fmt"
	"slices"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// FigureKind describes a kind of figure that study files may name.
type FigureKind struct {
	Name, Doc string
	Measures  int      // most that it shows; 0 where what it shows is fixed
	Options   []string // that it takes besides those of every kind
	Needs     []string // of them, those that it cannot do without
}

// Figure is a figure that a study asks a report to show: a kind with its options.
type Figure struct {
	Kind         string
	Text         string // as a study could have it, in one line
	Line, Column int    // in the file; 0 for one of the command line
	Measures     []Term // what it shows, each with its layer and epoch; nil for what the kind shows by itself

	X, Y, Lines, Panels, By string // axes by their full names, keys, or one of otherAxes; "" where none is named
	Against                 string // label on By of what the others are compared with
	Mark                    string // label on X at which a line goes up the panels
	Theory                  []Theory
	Where                   []Choices
	Layer                   int      // that a measure is of, counted from 1; 0 where none is named
	Epoch                   int      // at which it is measured; -1 for the end of the training
	Loss                    string   // that is split into bias and variance, of SplitLosses; "" for squared errors
	Title                   string   // "" for one that the results make
	Log                     []string // which of x and y are logarithmic; nil for what the values suggest, empty for none
}

// Choices are places on an axis, or values of a key, that a figure shows.
type Choices struct {
	Axis   string
	Labels []string
}

// figures reads what the report shows.
func (d *decoder) figures(n *source.Node, s *Study) []Figure {
	report := d.part(n, "report", source.Mapping, "{figures: [curves, seeds]}")
	if report == nil {
		return nil
	}
	d.known(report, " in report", reportKeys)
	list := d.part(report, "figures", source.List, "[curves, seeds]")
	if list == nil {
		return nil
	}
	if len(list.Items) == 0 {
		d.Add(list.At, "figures is empty; leave it out for every figure that the data can support")
	}
	var chosen []Figure
	for _, item := range list.Items {
		f, ok := d.figure(item, s)
		if ok && slices.ContainsFunc(chosen, func(other Figure) bool { return other.Text == f.Text }) {
			d.Add(item.At, "figure %s is given twice", f.Text)
		} else if ok {
			chosen = append(chosen, f)
		}
	}
	return chosen
}

// figure reads one: its name, or a mapping of its name and options.
func (d *decoder) figure(n *source.Node, s *Study) (Figure, bool) {
	f := Figure{Line: n.At.Line, Column: n.At.Column, Epoch: -1}
	if n.At.Set != "" {
		f.Line, f.Column = 0, 0
	}
	switch {
	case n.Kind == source.Scalar && !n.Null():
		k, ok := d.figureKind(n.Text, n.At)
		if f.Kind, f.Text = k.Name, k.Name; ok && len(k.Needs) > 0 {
			d.Add(n.At, "figure %s takes options, %s", k.Name, k.example())
			return f, false
		}
		return f, ok
	case n.Kind == source.Mapping && len(n.Fields) > 0:
		return d.configured(f, n, s)
	}
	d.Add(n.At, "a figure is a word, as in curves, or a mapping, as in {plot: test_error, x: lr}; found %v", n)
	return f, false
}

// configured reads a figure with options.
func (d *decoder) configured(f Figure, n *source.Node, s *Study) (Figure, bool) {
	before := len(d.List)
	at := slices.IndexFunc(n.Fields, func(f source.Field) bool { return !slices.Contains(optionNames(), f.Name) })
	if at < 0 {
		d.Add(n.At, "the figure has options, but no name; begin with one, as in {plot: test_error, x: lr}")
		return f, false
	}
	named := &n.Fields[at] // the one that says which kind it is
	k, ok := d.figureKind(named.Name, named.At)
	if !ok {
		return f, false
	}
	f.Kind = k.Name
	takes := slices.Concat([]string{k.Name}, k.Options, everyKind)
	d.known(n, " of figure "+k.Name, takes)
	for _, need := range k.Needs {
		if n.Field(need) == nil {
			d.Add(n.At, "figure %s needs %s, %s", k.Name, need, k.example())
		}
	}
	for _, o := range figureOptions {
		if field := n.Field(o.Name); field != nil && slices.Contains(takes, o.Name) && !d.incomplete {
			o.read(d, &f, field, s)
		}
	}
	d.measured(&f, k, named)
	f.Text = f.String()
	if len(d.List) == before && !d.incomplete {
		d.shown(&f, n, s)
	}
	return f, len(d.List) == before
}

// figureKind finds a kind by its name.
func (d *decoder) figureKind(name string, at source.Position) (FigureKind, bool) {
	kinds := FigureKinds()
	i := slices.IndexFunc(kinds, func(k FigureKind) bool { return k.Name == name })
	if i >= 0 {
		return kinds[i], true
	}
	var known []string
	for _, k := range kinds {
		known = append(known, k.Name)
	}
	hint := nearest.Suggest(name, slices.Concat(known, optionNames()))
	if hint == "" {
		hint = "; there are " + source.Join(known)
	}
	d.Add(at, "unknown figure %q%s", name, hint)
	return FigureKind{}, false
}

// example is how a study writes a figure of the kind.
func (k FigureKind) example() string {
	text := "as in {" + k.Name
	if k.Measures > 0 {
		text += ": test_error"
	}
	for _, need := range k.Needs {
		text += ", " + need + ": " + map[string]string{"x": "width", "y": "lr"}[need]
	}
	return text + "}"
}

// measured reads what the figure shows.
func (d *decoder) measured(f *Figure, k FigureKind, named *source.Field) {
	v := named.Value
	list := []*source.Node{v}
	switch {
	case v.Kind == source.List && k.Measures > 1:
		list = v.Items
	case v.Null() && len(k.Needs) == 0:
		return
	case k.Measures == 0:
		d.Add(v.At, "figure %s shows what it shows and takes no measure; found %v; its options stand beside it, as in "+
			"{%s, title: ...}", k.Name, v, k.Name)
		return
	}
	if len(list) == 0 || len(list) > k.Measures {
		d.Add(v.At, "figure %s shows one to %d measures; found %d", k.Name, k.Measures, len(list))
		return
	}
	for _, item := range list {
		if item.Kind != source.Scalar || item.Null() {
			d.Add(item.At, "figure %s shows a measure, as in {%s: test_error}; found %v", k.Name, k.Name, item)
			continue
		}
		c := &claimParser{decoder: d, from: item, text: item.Text, figure: true}
		t := &claimTerm{Term: Term{Number: 1, Epoch: -1}}
		c.term(t)
		c.shows(t, f)
		f.Measures = append(f.Measures, t.Term)
	}
}

// At says where in the file the figure stands; "" of the command line.
func (f Figure) At() string {
	if f.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d:%d)", f.Line, f.Column)
}

// String writes the figure as a study could have it, in one line.
func (f Figure) String() string {
	var measures []string
	for _, t := range f.Measures {
		t.Layer, t.Epoch, t.Where = 0, -1, nil
		measures = append(measures, t.Statistic())
	}
	text := f.Kind
	if len(measures) > 0 {
		text += ": " + listText(measures)
	}
	for _, o := range figureOptions {
		if v := o.write(f); v != "" {
			text += fmt.Sprintf(", %s: %s", o.Name, v)
		}
	}
	if text == f.Kind {
		return text
	}
	return "{" + text + "}"
}

// Theory is a line that the study draws next to what was measured.
type Theory struct {
	Name    string // in the legend; "" for the formula
	Formula string // of X, as package formula reads it
}
