package study

import (
	"slices"

	"nightshift/internal/study/source"
)

// block reads the parts of a block over those that it inherits. Its
// conditions are read later, when all axes are known.
func (d *decoder) block(n *source.Node, from block) block {
	b := block{at: n.At, seeds: from.seeds, orders: from.orders, rules: slices.Clone(from.rules),
		excludes: slices.Clone(from.excludes)}
	data := d.assignments("data.", d.part(n, "data", source.Mapping, "{set: glyphs, train: 8000}"))
	base := d.assignments("", d.part(n, "base", source.Mapping, "{width: 100, epochs: 10}"))
	b.data, b.base = slices.Clone(from.data), slices.Clone(from.base)
	if set := find(data, "data.set"); set != nil {
		if old := find(b.data, "data.set"); old != nil && old.value != set.value {
			ofData := func(a *assignment) bool { return Root(a.key.Path) == "data" }
			b.data = nil
			b.base = slices.DeleteFunc(b.base, ofData)
		}
	}
	b.data = append(b.data, data...)
	b.base = append(b.base, base...)
	b.own = append(data, base...)
	if f := n.Field("grid"); f != nil {
		b.at = f.At
	}
	b.axes = d.grid(d.part(n, "grid", source.Mapping, "{lr: [0.1, 1]}"), from.axes)
	if f := n.Field("seeds"); f != nil {
		b.seeds, b.orders = d.seeds(f.Value), severalOrders(f.Value)
	}
	return b
}

// grid reads axes over inherited ones: an axis of the same name takes the
// place of the old one, or removes it if it is null. An override may remove
// any axis.
func (d *decoder) grid(n *source.Node, inherited []*axis) []*axis {
	axes := slices.Clone(inherited)
	if n == nil {
		return axes
	}
	if len(n.Fields) > maxAxes {
		d.Add(n.At, "the grid has %d axes; %d are possible", len(n.Fields), maxAxes)
		d.incomplete = true
		return axes
	}
	for _, f := range n.Fields {
		i := slices.IndexFunc(axes, func(a *axis) bool { return a.name == f.Name })
		if f.Value.Null() && (i >= 0 || f.At.Set != "") {
			axes = slices.DeleteFunc(axes, func(a *axis) bool { return a.name == f.Name })
			continue
		}
		a := d.axis(f)
		switch {
		case a == nil:
			continue
		case i >= 0:
			axes[i] = a
		default:
			axes = append(axes, a)
		}
		if a.paired {
			d.labels[a.name] = append(d.labels[a.name], a)
		}
		if !slices.Contains(d.axisNames, a.name) {
			d.axisNames = append(d.axisNames, a.name)
		}
	}
	return axes
}

// blocks reads the study's own block and those that also adds.
func (d *decoder) blocks(rootNode *source.Node) []block {
	first := d.block(rootNode, block{seeds: count(1)})
	nodes := []*source.Node{rootNode}
	blocks := []block{first}
	if also := d.part(rootNode, "also", source.List, "[{grid: {width: [1024]}}]"); also != nil {
		if len(also.Items) > maxBlocks {
			d.Add(also.At, "also has %d blocks; %d are possible", len(also.Items), maxBlocks)
			d.incomplete = true
			also.Items = nil
		}
		for _, n := range also.Items {
			if n.Kind != source.Mapping {
				d.Add(n.At, "a block of also is a mapping with some of %s; found %v", source.Join(blockKeys), n)
				continue
			}
			d.known(n, " in a block of also", blockKeys)
			nodes = append(nodes, n)
			until := d.until
			blocks = append(blocks, d.block(n, first))
			if f := n.Field("seeds"); f != nil && d.until != nil {
				what := "so this block has those of the study"
				if until == nil {
					what = "so they stand in the study itself"
				}
				d.Add(f.At, "seeds that go on until: decided are those of all cells, %s", what)
			}
		}
	}
	for i, n := range nodes {
		rules := d.rules(d.part(n, "rules", source.List, "[{when: {lr: 1}, set: {epochs: 20}}]"))
		excludes := d.excludes(d.part(n, "exclude", source.List, "[{lr: {gt: 5}}]"))
		if i > 0 { // the study's own are inherited
			blocks[i].rules = append(blocks[i].rules, blocks[0].rules...)
			blocks[i].excludes = append(blocks[i].excludes, blocks[0].excludes...)
		}
		blocks[i].rules = append(blocks[i].rules, rules...)
		blocks[i].excludes = append(blocks[i].excludes, excludes...)
	}
	return blocks
}
