package study

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// decoder turns the tree of a file into blocks.
type decoder struct {
	*source.Faults
	look        Look                   // nil where the data are not looked at
	broken      map[string]bool        // first words of keys with a value that could not be read
	incomplete  bool                   // something of the grids or conditions could not be read
	labels      map[string][]*axis     // every paired axis by its name
	axisNames   []string               // every axis, in the order written
	places      int                    // values of all axes so far
	seeded      int                    // seeds of all blocks so far
	seedsTried  bool                   // seeds are those of the command line
	until       *Until                 // nil where all seeds are trained
	untilAt     source.Position        // of the seeds that grow
	firstRounds int                    // least number of rounds of these
	cellCount   float64                // of all blocks so far
	runCount    float64                // of all blocks so far
	sampling    *sampling              // nil without sample
	sampled     []string               // keys of the axes that are distributions
	reported    map[string]bool        // problems of cells
	onAxis      map[string][]AxisValue // of the cells, for claims
	instances   int                    // cells that claims about everywhere go over so far
}

// blockKeys are what both a study and a block of also may have.
var blockKeys = []string{"data", "base", "grid", "seeds", "rules", "exclude"}

var studyKeys = append([]string{"study", "from", "question", "also", "sample", "select", "expect", "report", "budget", "prune",
	"keep"}, blockKeys...)

// Keys of the smaller parts.
var (
	budgetKeys = []string{"max_runs", "wall"}
	reportKeys = []string{"figures"}
	pruneKeys  = []string{"metric", "rungs", "keep"}
)

// known reports the fields of a mapping that are not among the names, and says whether all are. where is
// " in" and what the mapping is, or empty for the study.
func (d *decoder) known(n *source.Node, where string, names []string) (all bool) {
	all = true
	for _, f := range n.Fields {
		if slices.Contains(names, f.Name) {
			continue
		}
		hint := nearest.Suggest(f.Name, names)
		if slices.Contains(names, "base") {
			hint = meantTop(f.Name, names)
		}
		if hint == "" {
			hint = "; there are " + source.Join(names)
		}
		d.Add(f.At, "unknown key %q%s%s", f.Name, where, hint)
		all = false
	}
	return all
}

// unspaced matches a key and its value without the blank that YAML wants between them.
var unspaced = regexp.MustCompile(`^([a-z][a-z0-9_.]*):(\S+)`)

// part is the value of a field that may be missing or empty, and has to be of a kind.
func (d *decoder) part(n *source.Node, name string, kind source.Kind, example string) *source.Node {
	f := n.Field(name)
	if f == nil || f.Value.Null() {
		return nil
	}
	if f.Value.Kind != kind {
		what := map[source.Kind]string{source.Scalar: "one value", source.List: "a list", source.Mapping: "a mapping"}[kind]
		hint := ""
		if parts := unspaced.FindStringSubmatch(f.Value.Text); parts != nil && kind == source.Mapping {
			hint = fmt.Sprintf("; a blank stands behind the colon of a key, as in %s: %s", parts[1], parts[2])
		}
		d.Add(f.Value.At, "%s is %s, as in %s; found %v%s", name, what, example, f.Value, hint)
		d.incomplete = true
		return nil
	}
	return f.Value
}

// word reads a line of text of the top level. It is false where there is none.
func (d *decoder) word(n *source.Node, name string) (string, source.Position, bool) {
	f := n.Field(name)
	if f == nil {
		return "", n.At, false
	}
	if f.Value.Kind != source.Scalar || f.Value.Null() {
		d.Add(f.Value.At, "%s is a word or a line of text; found %v", name, f.Value)
		return "", f.Value.At, false
	}
	return strings.TrimSpace(f.Value.Text), f.Value.At, true
}
