package dataset

import (
	"math/rand/v2"
	"slices"
)

// Info describes a data set of the table.
type Info struct {
	Name, Doc  string
	In, Out    int // 0 where only the file knows
	Regression bool
	Default    Spec // what a study's keys are decoded over
}

// set is a line of the table: either draw or read is given.
type set struct {
	Info
	version int  // goes into the fingerprint; raised whenever the set's examples change
	pixels  bool // inputs are whole numbers 0..255
	draw    func(r *rand.Rand, noise float64, e *example)
	read    func(r Spec, dirs []string) (*corpus, error)
	path    bool // needs Path
	label   bool // Label has a meaning
}

// table is the one place that knows every data set.
var table = []set{
	xor, blobs, moons, circles, spirals, sine1d, teacher, glyphs,
	mnist, idx, csvFile, imageFiles, npyFiles,
}

// Sets lists the data sets that a study may name.
func Sets() []Info {
	infos := make([]Info, len(table))
	for i, s := range table {
		infos[i] = s.Info
	}
	return infos
}

// Lookup finds a data set by its name.
func Lookup(name string) (Info, bool) {
	s, ok := lookup(name)
	return s.Info, ok
}

// Default is the spec of a set before any key of a study is read: decode the
// user's keys over it. It is false for a name that is not in the table.
func Default(name string) (Spec, bool) {
	s, ok := lookup(name)
	return s.Default, ok
}

func lookup(name string) (set, bool) {
	i := slices.IndexFunc(table, func(s set) bool { return s.Name == name })
	if i < 0 {
		return set{}, false
	}
	return table[i], true
}

// Regression says whether a spec stands for targets rather than classes.
func (s Spec) Regression() bool {
	set, _ := lookup(s.Set)
	return set.Regression || s.Task == "regression"
}
