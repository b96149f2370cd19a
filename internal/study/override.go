package study

import (
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// override applies path=value of the command line to the tree. Keys of base and
// data are set after those of the file; everything else takes the place of what
// the file has there.
func override(f *source.Faults, root *source.Node, set string) {
	at := source.Position{Set: set}
	path, text, ok := strings.Cut(set, "=")
	path = strings.TrimSpace(path)
	if !ok || path == "" {
		f.Add(at, "an override is path=value, as in base.epochs=2")
		return
	}
	value := source.ReadValue(text, at, f)
	if value == nil {
		return
	}
	overrideBlock(f, root, path, source.Field{Name: path, At: at, Value: value, Override: true})
}

// overrideBlock sets a path of the top level or of a block of also.
func overrideBlock(f *source.Faults, n *source.Node, path string, set source.Field) {
	first, rest, nested := strings.Cut(path, ".")
	old := n.Field(first)
	set.Name = rest
	switch {
	case !nested:
		set.Name, set.Override = first, false
		n.Put(set)
	case old != nil && first == "also" && old.Value.Kind == source.List:
		number, rest, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(old.Value.Items) || old.Value.Items[i].Kind != source.Mapping {
			f.Add(set.At, "also has no block %q; they are counted from 0", number)
			return
		}
		overrideBlock(f, old.Value.Items[i], rest, set)
	case first == "grid" && numbered(rest):
		axis := rest[:strings.LastIndexByte(rest, '.')]
		f.Add(set.At, "the values of axis %s have no numbers: set it as a whole, as in grid.%[1]s=[...], or take it out with "+
			"grid.%[1]s=null", axis)
	case !slices.Contains(studyKeys, first):
		hint := ""
		if near := nearest.Name(first, studyKeys); near != "" {
			hint = nearest.DidYouMean(near + "." + rest)
		}
		if k := keys.Meant(path); k != nil {
			hint = nearest.DidYouMean(k.place())
		}
		f.Add(set.At, "unknown key %q%s", path, hint)
	default:
		if old == nil || old.Value.Kind != source.Mapping {
			n.Put(source.Field{Name: first, At: set.At, Value: &source.Node{At: set.At, Kind: source.Mapping}})
			old = n.Field(first)
		}
		if first == "base" || first == "data" {
			old.Value.Fields = append(old.Value.Fields, set)
			return
		}
		set.Override = false
		old.Value.PutBelow(set)
	}
}

// numbered says whether a path ends with the number of a value.
func numbered(path string) bool {
	_, err := strconv.Atoi(path[strings.LastIndexByte(path, '.')+1:])
	return err == nil && strings.Contains(path, ".")
}
