package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"nightshift/internal/study"
)

// axis is one dimension of a block with its values in the order written.
type axis struct {
	name   string
	labels []string
	values []float64 // of each label; nil if they are not numbers
	paired bool      // its rows set several keys and speak for themselves
}

// axesOf lists the axes that some of the cells are on.
func axesOf(cells []*cell) (names []string) {
	for _, c := range cells {
		for _, a := range c.Axes {
			if !slices.Contains(names, a.Axis) {
				names = append(names, a.Axis)
			}
		}
	}
	return names
}

// shortened are the short names of axes.
func shortened(names []string) (short []string) {
	for _, name := range names {
		short = append(short, study.ShortName(name))
	}
	return short
}

// newAxis has what cells have on an axis of the study, or of a key, or how many parameters their networks have.
func newAxis(cells []*cell, name string) axis {
	x := axis{name: name}
	for _, c := range cells {
		v, ok := c.axisValue(name)
		if !ok || slices.Contains(x.labels, v.Label) {
			continue
		}
		x.labels = append(x.labels, v.Label)
		x.paired = v.Value == nil
		x.values = append(x.values, v.Number())
	}
	if slices.ContainsFunc(x.values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
		x.values = nil
	}
	return x
}

// axisValue is the cell's place on an axis of the study, the value of a key, or its number of parameters.
func (c *cell) axisValue(axis string) (study.AxisValue, bool) {
	if axis == study.Parameters {
		n := c.Runs[0].Parameters
		return study.AxisValue{Axis: axis, Label: fmt.Sprint(n), Value: n}, n > 0
	}
	return study.PlaceOf(axis, c.axes, c.Axes, &c.Config)
}

// index gives the index of the cell's label on the axis, or -1.
func (x axis) index(c *cell) int {
	return slices.Index(x.labels, c.axisLabel(x.name))
}

// axisLabel gives the cell's label on the axis of that name.
func (c *cell) axisLabel(name string) string {
	v, _ := c.axisValue(name)
	return v.Label
}

// axis finds one of the block's axes by its name.
func (b *block) axis(names ...string) (axis, bool) {
	for _, x := range b.axes {
		if slices.Contains(names, x.name) {
			return x, true
		}
	}
	return axis{}, false
}

// place words the cell's position on one axis; words of a paired axis speak for themselves, bare numbers do not.
func (c *cell) place(name string) string {
	v, ok := c.axisValue(name)
	if !ok {
		return ""
	}
	return placeLabel(v)
}

// shortPlace is the place without the name of the axis where the label is a word that speaks for itself: 30-30 and 1:15 are none.
func (c *cell) shortPlace(name string) string {
	v, ok := c.axisValue(name)
	if words := []string{"true", "false", "none", "full"}; ok && math.IsNaN(v.Number()) && !slices.Contains(words, v.Label) &&
		strings.ContainsFunc(v.Label, unicode.IsLetter) {
		return v.Label
	}
	return c.place(name)
}

// shortPlaces words the cell's places on some axes, as far as it is on them.
func (c *cell) shortPlaces(names []string) string {
	var places []string
	for _, name := range names {
		places = append(places, c.shortPlace(name))
	}
	return titled(places...)
}

// placeLabel is the label of a paired row, or the short name of a key with its value.
func placeLabel(a study.AxisValue) string {
	if a.Value == nil && math.IsNaN(a.Number()) {
		return a.Label
	}
	return study.ShortName(a.Axis) + "=" + a.Label
}
