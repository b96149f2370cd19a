package verdict

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/report/stat"
)

// LeastUnits is the number of units below which nothing has an interval.
const LeastUnits = stat.LeastUnits

// counts is a range of numbers of things.
type counts struct{ least, most int }

func (n *counts) add(count int) {
	if n.most == 0 || count < n.least {
		n.least = count
	}
	n.most = max(n.most, count)
}

// of words the counts of a thing.
func (n counts) of(thing string) string {
	if n.least == n.most {
		return number.Count(n.least, thing)
	}
	return fmt.Sprintf("%d to %s", n.least, number.Count(n.most, thing))
}

// alike are designs of the same kind, with their numbers of units and of runs in one.
type alike struct {
	kind         stat.Kind
	streams      []string
	units, below counts
	copies       bool
}

// UnitsOf words what one repeat of some estimates is, and how many there are.
func UnitsOf(all []Estimate) string {
	var designs []stat.Design
	for _, e := range all {
		designs = append(designs, e.Design)
	}
	return UnitWords(designs...)
}

// UnitWords words what one repeat is and how many there are: "30 training sets × 2
// initialisations, crossed". Designs of one kind are worded together.
func UnitWords(designs ...stat.Design) string {
	var all []*alike
	for _, d := range designs {
		at := slices.IndexFunc(all, func(a *alike) bool {
			return a.kind == d.Kind && slices.Equal(a.streams, d.Streams) && a.copies == (len(d.Copies) > 0)
		})
		if at < 0 {
			at = len(all)
			all = append(all, &alike{kind: d.Kind, streams: d.Streams, copies: len(d.Copies) > 0})
		}
		all[at].units.add(d.Units())
		for _, set := range d.Sets {
			all[at].below.add(len(set))
		}
	}
	var words []string
	for _, a := range all {
		words = append(words, a.words())
	}
	if len(words) == 0 {
		return "no finished run"
	}
	return strings.Join(words, "; ")
}

// thingOf is what a seed of a stream draws.
var thingOf = map[string]string{"data": "training set", "init": "initialisation", "order": "order"}

func (a alike) words() string {
	text := ""
	switch data := slices.Contains(a.streams, "data"); {
	case a.kind == stat.OneNetwork && a.copies:
		return "one network, trained more than once: no repeat"
	case a.kind == stat.OneNetwork:
		return "1 run"
	case a.kind == stat.Crossed:
		below := a.streams[1:]
		if len(below) == 0 {
			below = []string{"init"}
		}
		text = a.units.of(thingOf[a.streams[0]]) + " × " + a.below.of(thingOf[below[0]])
		if len(below) > 1 {
			text += " and orders"
		}
		text += ", crossed"
	case a.kind == stat.Nested:
		text = a.units.of(thingOf[a.streams[0]]) + " with " + a.below.of("run") + " of their own each"
	case data && len(a.streams) == 1:
		text = a.units.of("training set") + ", the same initialisation on each"
	case data:
		text = a.units.of("training set") + ", " + together(a.streams)
	case len(a.streams) == 0:
		text = a.units.of("run") + " with the same seeds"
	default:
		text = a.units.of("run") + ", " + together(a.streams)
	}
	if !slices.Contains(a.streams, "data") {
		text += ", one training set"
	}
	if a.copies {
		text += ", copies counted once"
	}
	return text
}

// Repeats words how often the cell was trained and what its seeds draw: words, the number of units, and words behind it.
func (c *Cell) Repeats() (before string, n int, after string) {
	var runs []stat.Run
	for _, one := range c.Runs {
		runs = append(runs, stat.Run{Seeds: stat.Seeds(one.Seeds()), Digest: one.Digest})
	}
	d := stat.Classify(runs)
	without := slices.DeleteFunc(slices.Clone(d.Streams), func(s string) bool { return s == "data" })
	streams := strings.NewReplacer("init", "initialisation", "order",
		"order of the examples").Replace(strings.Join(without, " and "))
	switch data := slices.Contains(d.Streams, "data"); {
	case len(c.Runs) < 2:
		return "once", 1, ""
	case d.Kind != stat.Together || len(d.Copies) > 0 || len(d.Streams) == 0:
		return "as " + UnitWords(d), d.Units(), ""
	case !data:
		return "with", d.Units(), " seeds of " + streams + " on one training set"
	case streams == "":
		return "on", d.Units(), " training sets from the same initialisation"
	}
	return "on", d.Units(), " training sets, each with its own seed of " + streams
}

// together words streams whose seeds go together, or the only one.
func together(streams []string) string {
	if len(streams) == 1 {
		return streams[0] + " alone"
	}
	return stat.Design{Streams: streams}.Words() + " together"
}

// designWarnings say what a design leaves out.
func designWarnings(d stat.Design) []string {
	all := slices.Clone(d.Warnings)
	if n := len(d.Copies); n > 0 && d.Kind != stat.OneNetwork {
		all = append(all, fmt.Sprintf("%s repeat others to the bit and are not counted", number.Count(n, "run")))
	}
	if n := len(d.LeftOut); n > 0 {
		all = append(all, fmt.Sprintf("%s outside of the largest complete block of seeds left out", number.Count(n, "run")))
	}
	return all
}
