package runner

import (
	"fmt"
	"math"
	"strconv"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// Difference is a value that differs between the stored run and the run that was trained again.
type Difference struct {
	Epoch     int    // in which it was measured; that of the end for outputs and weights
	Name      string // such as valid_error, distance, gradient of layer 2, outputs, weights
	Then, Now string
}

// String names the value and gives both, the stored one first.
func (d Difference) String() string {
	return fmt.Sprintf("epoch %d: %s was %s and is %s now", d.Epoch, d.Name, d.Then, d.Now)
}

// value is a number with its name.
type value struct {
	name string
	store.Number
}

func is(name string, v float64) value { return value{name, store.Number{V: v, Valid: true}} }

func epochValues(e store.Epoch) []value {
	list := []value{is("steps", float64(e.Steps)), is("lr", e.LR)}
	for i, s := range []store.Metrics{e.Train, e.Valid, e.Test} {
		for _, m := range metric.All() {
			list = append(list, value{m.Of(metric.Splits()[i]), s.At(m)})
		}
	}
	return append(list, is("distance", e.Distance))
}

func compareEpoch(then, now store.Epoch) *Difference {
	return compare(then.Epoch, epochValues(then), epochValues(now))
}

func layerValues(l store.Layer) []value {
	var list []value
	for _, m := range metric.Layers() {
		list = append(list, is(fmt.Sprintf("%s of layer %d", m.Name, l.Layer+1), l.At(m)))
	}
	return list
}

func compareLayers(then []store.Layer, e mlp.Epoch) *Difference {
	if len(then) != len(e.Layers) {
		return &Difference{e.Epoch, "number of layers measured", fmt.Sprint(len(then)), fmt.Sprint(len(e.Layers))}
	}
	for i, l := range e.Layers {
		if d := compare(e.Epoch, layerValues(then[i]), layerValues(layer(e.Epoch, i, l))); d != nil {
			return d
		}
	}
	return nil
}

func compare(epoch int, then, now []value) *Difference {
	for i, v := range then {
		if v.Valid != now[i].Valid || v.Valid && !same(v.V, now[i].V) {
			return &Difference{epoch, v.name, v.exact(), now[i].exact()}
		}
	}
	return nil
}

// same takes NaN for equal to itself. The sign of zero does not reach the database.
func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func (v value) exact() string {
	if !v.Valid {
		return "not there"
	}
	return exact(v.V)
}

// exact writes a number with all the digits that tell it from others.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
