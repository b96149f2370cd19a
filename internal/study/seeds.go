package study

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"nightshift/internal/study/source"
)

// count are the seeds 0 to n-1 of the initial weights and the order, on one
// data sample.
func count(n int) []Seeds { return together(firstSeeds(n)) }

// together gives init and order the same seeds, on one data sample.
func together(stream []uint64) []Seeds {
	list := make([]Seeds, len(stream))
	for i, s := range stream {
		list[i] = Seeds{Init: s, Order: s}
	}
	return list
}

// firstSeeds are 0 to n-1.
func firstSeeds(n int) []uint64 {
	list := make([]uint64, n)
	for i := range list {
		list[i] = uint64(i)
	}
	return list
}

// Keys of seeds.
var (
	streamNames = []string{"data", "init", "order"}
	roundKeys   = []string{"min", "max"}
	seedKeys    = slices.Concat(streamNames, []string{"nested"}, roundKeys, []string{"until"})
)

// seeds reads a number, a list, streams that are crossed or nested, or rounds.
func (d *decoder) seeds(n *source.Node) []Seeds {
	list := d.seedList(n)
	d.seedsTried = d.seedsTried || n.Overridden()
	if d.seeded += len(list); d.seeded > MaxRuns {
		d.Add(n.At, "the study has more than %d seeds", MaxRuns)
		d.incomplete = true
		return nil
	}
	return list
}

func (d *decoder) seedList(n *source.Node) []Seeds {
	if n.Kind != source.Mapping {
		return together(d.stream(n, "seeds"))
	}
	d.known(n, " in seeds", seedKeys)
	until := d.untilDecided(n)
	if n.Has(roundKeys...) {
		if other := slices.IndexFunc(n.Fields, func(f source.Field) bool {
			return slices.Contains(streamNames, f.Name) || f.Name == "nested"
		}); other >= 0 {
			d.Add(n.Fields[other].At, "min and max by themselves are of init and order together; with streams they are those of the "+
				"one that grows, as in data: {min: 5, max: 40}")
			return nil
		}
		list := d.rounds(n, n)
		d.grow(until, n, list, 1)
		return together(list)
	}
	return d.streams(n, until)
}

// streams reads those of data, init and order.
func (d *decoder) streams(n *source.Node, until bool) []Seeds {
	values := map[string][]uint64{}
	grows := ""
	for _, name := range streamNames {
		switch f := n.Field(name); {
		case f == nil:
			values[name] = []uint64{0}
		case f.Value.Kind == source.Mapping && grows != "":
			d.Add(f.Value.At, "one stream grows, and %s does already", grows)
			return nil
		case f.Value.Kind == source.Mapping:
			grows = name
			d.known(f.Value, " in seeds."+name, roundKeys)
			values[name] = d.rounds(f.Value, n)
		default:
			values[name] = d.stream(f.Value, "seeds."+name)
		}
	}
	total := float64(len(values["data"])) * float64(len(values["init"])) * float64(len(values["order"]))
	if total > MaxRuns {
		d.Add(n.At, "the crossed seeds are %.0f; %d are possible", total, MaxRuns)
		return nil
	}
	nested := d.nested(n, values["data"], grows)
	var list []Seeds
	for _, data := range values["data"] {
		for i, init := range values["init"] {
			if nested {
				init = data*uint64(len(values["init"])) + uint64(i)
			}
			for _, order := range values["order"] {
				list = append(list, Seeds{data, init, order})
			}
		}
	}
	switch grows {
	case "init":
		slices.SortStableFunc(list, func(a, b Seeds) int { return cmp.Compare(a.Init, b.Init) })
	case "order":
		slices.SortStableFunc(list, func(a, b Seeds) int { return cmp.Compare(a.Order, b.Order) })
	}
	if grows != "" {
		d.grow(until, n.Field(grows).Value, values[grows], len(list)/max(1, len(values[grows])))
	} else if until {
		d.Add(n.Field("until").At, "until: decided needs min and max, as in {min: 5, max: 40, until: decided}, or of the stream that "+
			"grows, as in data: {min: 5, max: 40}")
	}
	return list
}

// nested says whether every training set has init seeds of its own.
func (d *decoder) nested(n *source.Node, data []uint64, grows string) bool {
	const example = "as in {data: 30, init: 2, nested: true}"
	f := n.Field("nested")
	if f == nil {
		return false
	}
	if f.Value.Kind != source.Scalar || f.Value.Tag != "!!bool" {
		d.Add(f.Value.At, "nested is true or false; found %v", f.Value)
		return false
	}
	if !strings.EqualFold(f.Value.Text, "true") {
		return false
	}
	init := n.Field("init")
	switch {
	case n.Field("data") == nil:
		d.Add(f.At, "nested gives every training set init seeds of its own, so it needs data, %s", example)
	case init != nil && init.Value.Kind == source.List:
		d.Add(init.Value.At, "with nested, init is how many seeds every training set has, %s; found %v", example, init.Value)
	case grows == "init" || grows == "order":
		d.Add(n.Field(grows).Value.At, "with nested a training set is a unit, so it is data that grows")
	case len(data) > 0 && slices.Max(data) >= Largest/MaxRuns:
		d.Add(n.Field("data").Value.At, "a nested data seed is below %d", Largest/MaxRuns)
	default:
		return true
	}
	return false
}

// stream reads the seeds of one stream: how many, or which.
func (d *decoder) stream(n *source.Node, name string) []uint64 {
	if n.Kind != source.List {
		v, ok := n.Number()
		if !ok || !(v >= 1 && v <= MaxRuns) || v != math.Trunc(v) {
			d.Add(n.At, "%s is how many seeds there are, from 1 to %d, or a list of seeds; found %v", name, MaxRuns, n)
			return nil
		}
		return firstSeeds(int(v))
	}
	if len(n.Items) == 0 {
		d.Add(n.At, "%s is empty; at least one seed is needed", name)
	}
	var list []uint64
	have := map[uint64]bool{}
	for _, item := range n.Items {
		v, ok := item.Number()
		switch {
		case !ok || !(v >= 0 && v <= Largest) || v != math.Trunc(v):
			d.Add(item.At, "a seed is a whole number from 0; found %v", item)
		case have[uint64(v)]:
			d.Add(item.At, "the seed %.0f is given twice", v)
		default:
			have[uint64(v)] = true
			list = append(list, uint64(v))
		}
	}
	return list
}

// severalOrders is the place of seeds of the order that vary by themselves; nil
// where there is at most one.
func severalOrders(seeds *source.Node) *source.Position {
	f := seeds.Field("order")
	if f == nil {
		return nil
	}
	if v, one := f.Value.Number(); one && v <= 1 || f.Value.Kind == source.List && len(f.Value.Items) <= 1 {
		return nil
	}
	return &f.Value.At
}
