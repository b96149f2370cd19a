package study

import (
	"math"

	"nightshift/internal/study/source"
)

// count are the seeds 0 to n-1 of the initial weights and the order, on one
// data sample.
func count(n int) []Seeds {
	list := make([]Seeds, n)
	for i := range list {
		list[i] = Seeds{Init: uint64(i), Order: uint64(i)}
	}
	return list
}

// seeds reads a number, a list, or streams that are crossed.
func (d *decoder) seeds(n *source.Node) []Seeds {
	list := d.seedList(n)
	if d.seeded += len(list); d.seeded > MaxRuns {
		d.Add(n.At, "the study has more than %d seeds", MaxRuns)
		d.incomplete = true
		return nil
	}
	return list
}

func (d *decoder) seedList(n *source.Node) []Seeds {
	if n.Kind != source.Mapping {
		stream := d.stream(n, "seeds")
		list := make([]Seeds, len(stream))
		for i, s := range stream {
			list[i] = Seeds{Init: s, Order: s}
		}
		return list
	}
	streams := map[string][]uint64{"data": {0}, "init": {0}, "order": {0}}
	d.known(n, " in seeds", []string{"data", "init", "order"})
	for _, f := range n.Fields {
		if _, ok := streams[f.Name]; ok {
			streams[f.Name] = d.stream(f.Value, "seeds."+f.Name)
		}
	}
	if total := float64(len(streams["data"])) * float64(len(streams["init"])) * float64(len(streams["order"])); total > MaxRuns {
		d.Add(n.At, "the crossed seeds are %.0f; %d are possible", total, MaxRuns)
		return nil
	}
	var list []Seeds
	for _, data := range streams["data"] {
		for _, init := range streams["init"] {
			for _, order := range streams["order"] {
				list = append(list, Seeds{data, init, order})
			}
		}
	}
	return list
}

// stream reads the seeds of one stream: how many, or which.
func (d *decoder) stream(n *source.Node, name string) []uint64 {
	if n.Kind != source.List {
		v, ok := n.Number()
		if !ok || !(v >= 1 && v <= MaxRuns) || v != math.Trunc(v) {
			d.Add(n.At, "%s is how many seeds there are, from 1 to %d, or a list of seeds; found %v", name, MaxRuns, n)
			return nil
		}
		list := make([]uint64, int(v))
		for i := range list {
			list[i] = uint64(i)
		}
		return list
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
