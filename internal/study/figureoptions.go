package study

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/formula"
	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// FigureOption describes an option of a figure besides its name. A new one is a field of Figure and a line of the table.
type FigureOption struct {
	Name, Doc string
	Values    FigureValues
	read      func(*decoder, *Figure, *source.Field, *Study)
	write     func(Figure) string // as YAML; "" for nothing
}

// FigureValues is the kind of value that an option has.
type FigureValues int

// The values.
const (
	AxisName  FigureValues = iota // an axis, a key, or one of otherAxes
	AxisLabel                     // a value of an axis
	Cells                         // a mapping of axes to values
	Line                          // a text
	AxisList                      // of x and y
	Formulas                      // of x, one or several
	LossName                      // one of SplitLosses
)

// otherAxes are what a figure can be drawn along besides the axes of a study and the keys.
func otherAxes() []string { return []string{Epoch, Layer, Parameters} }

// The names of otherAxes.
const (
	Epoch      = "epoch"      // those after which something is measured
	Layer      = "layer"      // of weights, counted from 1
	Parameters = "parameters" // weights and biases of a network
)

// everyKind are the options that every kind of figure takes.
var everyKind = []string{"where", "title"}

var figureOptions = []FigureOption{
	axisOption("x", "what the figure is drawn along: an axis, a key that differs, `epoch`, `layer` or `parameters`",
		func(f *Figure) *string { return &f.X }, Epoch, Layer, Parameters),
	axisOption("y", "the same upwards, of a map", func(f *Figure) *string { return &f.Y }, Epoch, Layer, Parameters),
	axisOption("lines", "the axis whose values are lines of one panel, or `layer`", func(f *Figure) *string { return &f.Lines },
		Layer),
	axisOption("panels", "the axis whose values are panels, or `layer`", func(f *Figure) *string { return &f.Panels }, Layer),
	axisOption("by", "the axis whose values are ranked", func(f *Figure) *string { return &f.By }),
	{"against", "the value of `by` with which the others are compared", AxisLabel, (*decoder).against,
		func(f Figure) string { return labelText(f.Against) }},
	{"where", "the cells that are shown, by values of axes or keys; also `layer` and `epoch`", Cells, (*decoder).where, whereText},
	{"log", "which of `x` and `y` are logarithmic; `[]` for none", AxisList, (*decoder).log, func(f Figure) string {
		if f.Log == nil {
			return ""
		}
		return "[" + strings.Join(f.Log, ", ") + "]"
	}},
	{"mark", "a value of `x` at which a line goes up the panels", AxisLabel, (*decoder).mark,
		func(f Figure) string { return labelText(f.Mark) }},
	{"theory", "what theory says of the measure: a formula of x, such as `4*x*(1-x)^2`, or several, or names with theirs, as " +
		"`{guessing: 0.9}`", Formulas, (*decoder).theory, theoryText},
	{"loss", "what `bias-variance` splits: `squared` errors (default), `zero-one` by Domingos, or `cross-entropy` by Yang et al.",
		LossName, (*decoder).splitLoss, func(f Figure) string { return f.Loss }},
	{"title", "the title; without one it says what is seen", Line, (*decoder).title, func(f Figure) string {
		if f.Title == "" {
			return ""
		}
		return strconv.Quote(f.Title)
	}},
}

// FigureOptions lists what can be said of figures; every kind takes where and title.
func FigureOptions() []FigureOption { return slices.Clone(figureOptions) }

func optionNames() []string {
	var names []string
	for _, o := range figureOptions {
		names = append(names, o.Name)
	}
	return names
}

func axisOption(name, doc string, of func(*Figure) *string, others ...string) FigureOption {
	return FigureOption{name, doc, AxisName, func(d *decoder, f *Figure, field *source.Field, s *Study) {
		if field.Value.Kind != source.Scalar || field.Value.Null() {
			d.Add(field.Value.At, "%s is an axis, as in %s: lr; found %v", name, name, field.Value)
			return
		}
		*of(f) = d.figureAxis(field.Value.Text, field.Value.At, s, others...)
	}, func(f Figure) string { return *of(&f) }}
}

// figureAxis finds the axis of a name, or the key; "" after a mistake.
func (d *decoder) figureAxis(name string, at source.Position, s *Study, others ...string) string {
	if axis := s.axisNamed(name); axis != "" {
		return axis
	}
	if slices.Contains(others, name) {
		return name
	}
	if k := keys.Find(name); k != nil {
		return k.Path
	}
	hint := nearest.Suggest(name, slices.Concat(s.Axes, others))
	if near := keys.nearest(name); hint == "" && near != "" {
		hint = nearest.DidYouMean(near)
	}
	if hint == "" {
		hint = "; there are " + source.Join(slices.Concat(s.Axes, others)) + ", and the keys of the configuration"
	}
	d.Add(at, "unknown axis %q%s", name, hint)
	return ""
}

// against reads the label that others are compared with; figures without by have none.
func (d *decoder) against(f *Figure, field *source.Field, s *Study) {
	switch v := field.Value; {
	case v.Kind != source.Scalar || v.Null():
		d.Add(v.At, "against is a value of the axis that by names; found %v", v)
	case f.By == "":
		d.Add(field.At, "against is a value of the axis that by names, and there is no by")
	default:
		f.Against = d.labelOn(f.By, v, s)
	}
}

// mark reads the value of x that is marked.
func (d *decoder) mark(f *Figure, field *source.Field, s *Study) {
	switch v := field.Value; {
	case v.Kind != source.Scalar || v.Null():
		d.Add(v.At, "mark is a value of the axis that x names; found %v", v)
	case f.X == "" || slices.Contains(otherAxes(), f.X):
		d.Add(field.At, "mark is a value of the axis that x names, and x is none of the study")
	default:
		f.Mark = d.labelOn(f.X, v, s)
	}
}

// theory reads formulas of x.
func (d *decoder) theory(f *Figure, field *source.Field, s *Study) {
	items, names := []*source.Node{field.Value}, []string{""}
	switch field.Value.Kind {
	case source.List:
		items, names = field.Value.Items, make([]string, len(field.Value.Items))
	case source.Mapping:
		items, names = nil, nil
		for _, named := range field.Value.Fields {
			items, names = append(items, named.Value), append(names, named.Name)
		}
	}
	switch numbers := func(v AxisValue) bool { return !math.IsNaN(v.Number()) }; {
	case len(items) == 0:
		d.Add(field.Value.At, "theory is a formula of x, or several, and none is here; leave it out")
	case f.X != "" && !slices.Contains(otherAxes(), f.X) && !slices.ContainsFunc(s.valuesOn(f.X), numbers):
		d.Add(field.At, "theory is a formula of the numbers along x, and %s has words", f.X)
	}
	for i, item := range items {
		if item.Kind != source.Scalar || item.Null() {
			d.Add(item.At, "theory is a formula of x, as in 4*x*(1-x)^2; found %v", item)
			continue
		}
		var mistake *formula.Mistake
		if _, err := formula.Parse(item.Text); errors.As(err, &mistake) {
			d.Add(item.Inside(mistake.At), "theory: %s", mistake.Text)
		}
		f.Theory = append(f.Theory, Theory{names[i], item.Text})
	}
}

// theoryText writes formulas as they are read.
func theoryText(f Figure) string {
	if f.Theory == nil {
		return ""
	}
	var all []string
	for _, t := range f.Theory {
		if t.Name != "" {
			all = append(all, labelText(t.Name)+": "+t.Formula)
		}
	}
	if all != nil {
		return "{" + strings.Join(all, ", ") + "}"
	}
	for _, t := range f.Theory {
		all = append(all, t.Formula)
	}
	return listText(all)
}

// layerOrEpoch reads the layer and the epoch of the measures.
func (d *decoder) layerOrEpoch(f *Figure, place source.Field) {
	to, least := &f.Layer, 1.0
	if place.Name == Epoch {
		to, least = &f.Epoch, 0
	}
	n, ok := place.Value.Number()
	if whole := float64(int(n)); !ok || whole != n || n < least {
		d.Add(place.Value.At, "%s is a whole number from %v; found %v", place.Name, least, place.Value)
		return
	}
	*to = int(n)
}

func (d *decoder) log(f *Figure, field *source.Field, _ *Study) {
	items := []*source.Node{field.Value}
	if field.Value.Kind == source.List {
		items = field.Value.Items
	}
	f.Log = []string{}
	for _, item := range items {
		switch {
		case item.Kind != source.Scalar || item.Text != "x" && item.Text != "y":
			d.Add(item.At, "log is x, y or [x, y], or [] for none; found %v", item)
		case slices.Contains(f.Log, item.Text):
			d.Add(item.At, "%s is given twice", item.Text)
		default:
			f.Log = append(f.Log, item.Text)
		}
	}
}

// SplitLosses are the losses that a figure can split into bias and variance, the usual one first.
func SplitLosses() []string { return []string{"squared", "zero-one", "cross-entropy"} }

// splitLoss reads the loss that is split; the usual one is not kept.
func (d *decoder) splitLoss(f *Figure, field *source.Field, _ *Study) {
	v := field.Value
	if v.Kind != source.Scalar || !slices.Contains(SplitLosses(), v.Text) {
		d.Add(v.At, "loss of a figure is %s; found %v%s", strings.Join(SplitLosses(), ", "), v, nearest.Suggest(v.Text, SplitLosses()))
		return
	}
	if v.Text != SplitLosses()[0] {
		f.Loss = v.Text
	}
}

func (d *decoder) title(f *Figure, field *source.Field, _ *Study) {
	if field.Value.Kind != source.Scalar || field.Value.Null() || strings.TrimSpace(field.Value.Text) == "" {
		d.Add(field.Value.At, "title is a line of text; found %v", field.Value)
		return
	}
	f.Title = strings.TrimSpace(field.Value.Text)
}
