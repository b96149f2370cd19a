package study

import (
	"slices"

	"nightshift/internal/study/source"
)

// block is a base with a grid over it: the study itself, or one that its key
// also adds.
type block struct {
	at       source.Position
	data     []*assignment // in the order in which they apply, as base
	base     []*assignment
	own      []*assignment // those that an added block brings along
	axes     []*axis
	seeds    []Seeds
	orders   *source.Position // of several seeds of the order by itself; nil without
	rules    []*rule
	excludes []*exclusion
}

// assignment gives one key a value.
type assignment struct {
	key       *Key
	value     any // typed as the key's kind says
	at        source.Position
	override  bool // of the command line
	effective bool // it decides its key in some cell
}

// level orders the assignments of one mapping.
func (a *assignment) level() int {
	level := 0
	if a.key.Kind == Parameter {
		level = 1
	}
	if a.override {
		level += 2
	}
	return level
}

// axis is one dimension of a grid.
type axis struct {
	name    string
	at      source.Position
	paired  bool
	sampled bool // its values are points, drawn together with those of other such axes
	key     *Key // of a plain axis
	values  []*axisValue
}

// axisValue is a place on an axis: what it sets, and how that reads.
type axisValue struct {
	AxisValue
	shown      string // the label in those of cells
	at         source.Position
	sets       []*assignment
	kept       bool   // it has a cell that no other value of its block has
	mergedInto string // label of a cell that one of its cells was merged into
}

// rule sets keys in the cells that meet its condition.
type rule struct {
	at      source.Position
	when    []condition
	sets    []*assignment
	matched bool
}

// exclusion leaves out the cells that meet its condition.
type exclusion struct {
	at      source.Position
	when    []condition
	matched bool
}

// condition is met by a cell whose label on a paired axis, or whose value of a
// key, passes every test.
type condition struct {
	name  string // of the paired axis; empty for a key
	key   *Key
	tests []test
}

type test struct {
	op     string // name of an operator
	values []any
}

// find is the last assignment of a key.
func find(sets []*assignment, path string) *assignment {
	for _, a := range slices.Backward(sets) {
		if a.key.Path == path {
			return a
		}
	}
	return nil
}
