package study

import (
	"math"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// prune reads successive halving.
func (d *decoder) prune(n *source.Node, s *Study) *Prune {
	prune := d.part(n, "prune", source.Mapping, "{metric: valid_error, rungs: [2, 6, 18], keep: 1/3}")
	if prune == nil {
		return nil
	}
	d.known(prune, " in prune", pruneKeys)
	p := &Prune{Metric: s.Select, Keep: 1.0 / 3}
	if prune.Field("metric") != nil {
		p.Metric = d.metric(prune, "metric")
	}
	if f := prune.Field("keep"); f != nil {
		p.Keep = d.share(f.Value)
	}
	p.Rungs = d.rungs(prune)
	if len(d.List) == 0 {
		d.prunable(prune, p, s)
	}
	return p
}

// share reads a fraction such as 1/3, or a number.
func (d *decoder) share(n *source.Node) float64 {
	v, ok := n.Number()
	if over, under, found := strings.Cut(n.Text, "/"); !ok && found {
		x, errX := strconv.ParseFloat(strings.TrimSpace(over), 64)
		y, errY := strconv.ParseFloat(strings.TrimSpace(under), 64)
		v, ok = x/y, errX == nil && errY == nil
	}
	if !ok || !(v > 0 && v < 1) {
		d.Add(n.At, "keep is the share of the cells that goes on, between 0 and 1, as in 1/3; found %v", n)
	}
	return v
}

func (d *decoder) rungs(prune *source.Node) []int {
	var rungs []int
	n := d.part(prune, "rungs", source.List, "[2, 6, 18]")
	if n == nil || len(n.Items) == 0 {
		at := prune.At
		if n != nil {
			at = n.At
		}
		d.Add(at, "prune needs rungs, the epochs after which cells are pruned, as in [2, 6, 18]")
		return nil
	}
	if len(n.Items) > maxRungs {
		d.Add(n.At, "there are %d rungs; %d are possible", len(n.Items), maxRungs)
		return nil
	}
	for _, item := range n.Items {
		v, ok := item.Number()
		switch {
		case !ok || v < 1 || v != math.Trunc(v) || v > Largest:
			d.Add(item.At, "a rung is an epoch, a whole number from 1; found %v", item)
		case len(rungs) > 0 && int(v) <= rungs[len(rungs)-1]:
			d.Add(item.At, "rungs rise; %d comes after %d", int(v), rungs[len(rungs)-1])
		default:
			rungs = append(rungs, int(v))
		}
	}
	return rungs
}

// prunable refuses a competition that has no meaning for some cell.
func (d *decoder) prunable(prune *source.Node, p *Prune, s *Study) {
	at := prune.At
	if f := prune.Field("metric"); f != nil {
		at = f.Value.At
	}
	survivors := p.SurvivorsByRung(len(s.Cells))[len(p.Rungs)]
	switch {
	case len(s.Cells) < 2:
		d.Add(prune.At, "the study has one cell, so there is none to prune")
		return
	case survivors == len(s.Cells):
		d.Add(prune.Field("keep").Value.At, "keep of %d cells are all of them, so none is pruned", survivors)
	}
	minimised := func(c *Config) string { return c.Loss + " " + c.Reduction }
	for i := range s.Cells {
		cell := &s.Cells[i]
		c := &cell.Config
		switch {
		case c.lacks(p.Metric) != "":
			d.Add(at, "cells compete by %s, which cell %s does not have: %s", p.Metric, cell.Label, c.lacks(p.Metric))
		case p.Metric == "valid_loss" && minimised(c) != minimised(&s.Cells[0].Config):
			d.Add(at, "cells compete by valid_loss, but %s and %s minimise different losses; compare valid_error",
				s.Cells[0].Label, cell.Label)
		case c.EarlyStop.Patience > 0:
			d.Add(prune.At, "prune does not go together with early_stop, which ends runs of cell %s before their rungs",
				cell.Label)
		default:
			continue
		}
		return
	}
	for i, rung := range prune.Field("rungs").Value.Items {
		late, unmeasured := -1, -1
		for j := range s.Cells {
			c := &s.Cells[j].Config
			if late < 0 && p.Rungs[i] >= c.Epochs {
				late = j
			}
			if unmeasured < 0 && c.measured(p.Rungs[i]) != "" {
				unmeasured = j
			}
		}
		switch {
		case late >= 0:
			d.Add(rung.At, "rung %d is not below the epochs of cell %s, %d", p.Rungs[i], s.Cells[late].Label,
				s.Cells[late].Config.Epochs)
		case unmeasured >= 0:
			d.Add(rung.At, "rung %d is of no use: in cell %s, %s", p.Rungs[i], s.Cells[unmeasured].Label,
				s.Cells[unmeasured].Config.measured(p.Rungs[i]))
		}
	}
}
