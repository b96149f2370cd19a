package study

import (
	"slices"
	"strings"
)

// CompleteOverride lists how a path=value of the command line that begins like text may go on: a key with
// its "=", and behind that the names that it may have.
func CompleteOverride(text string) []string {
	path, _, valued := strings.Cut(text, "=")
	if !valued {
		return slices.DeleteFunc(overridable(), func(p string) bool { return !strings.HasPrefix(p, text) })
	}
	before := path + "="
	root, key, _ := strings.Cut(path, ".")
	if root == "grid" || path == "report.figures" {
		before += "["
	}
	var named []string
	switch k := keys.Find(key); {
	case path == "report.figures":
		for _, kind := range FigureKinds() {
			if kind.Needs == nil { // others need more than a name
				named = append(named, kind.Name)
			}
		}
	case root == "data":
		if k = keys.Find(path); k != nil {
			named = k.Names()
		}
	case k != nil && (root == "base" || root == "grid"):
		named = k.Names()
	}
	var list []string
	for _, name := range named {
		if strings.HasPrefix(before+name, text) {
			list = append(list, before+name)
		}
	}
	return list
}

// overridable lists the keys that an override may set, with their "=".
func overridable() []string {
	var list []string
	for _, k := range keys.All() {
		if Root(k.Path) == "data" {
			list = append(list, k.Path+"=")
		} else {
			list = append(list, "base."+k.Path+"=")
		}
		list = append(list, "grid."+k.Path+"=")
	}
	for _, part := range []struct {
		name string
		keys []string
	}{{"budget", budgetKeys}, {"report", reportKeys}, {"prune", pruneKeys}} {
		for _, k := range part.keys {
			list = append(list, part.name+"."+k+"=")
		}
	}
	return append(list, "study=", "question=", "seeds=")
}
