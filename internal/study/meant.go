package study

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// Meant is the key that a name of another program means, whatever its case, dashes and underscores, with the names that
// it is nested in before its own; nil for none.
func (t *KeyTable) Meant(names ...string) *Key {
	var words []string
	for _, name := range names {
		words = append(words, alias.Words(name)...)
	}
	if len(words) == 0 {
		return nil
	}
	own := words[len(words)-1]
	if len(words) > 1 && alias.Naming(own) && !(words[len(words)-2] == "data" && alias.Letters(own) == "target") {
		return t.Meant(words[:len(words)-1]...) // optimizer: {type: ..., lr: ...}
	}
	for _, name := range []string{strings.Join(words, "."), own} {
		plain := alias.Letters(name)
		if plain == "" {
			continue
		}
		for _, path := range t.paths {
			if k := t.Find(path); k != nil && alias.Letters(path) == plain {
				return k
			}
		}
		if k := t.Find(alias.Key(name)); k != nil {
			return k
		}
	}
	return nil
}

// Meant is our name for what another program calls an option of the key, or the YAML of a name with parameters; "" for
// none.
func (k *Key) Meant(name string) string { return alias.Option(k.Path, name, k.Names()) }

// hint ends a message about an unknown name for the key.
func (k *Key) hint(name string) string {
	known := k.Names()
	switch ours := k.Meant(name); {
	case strings.HasPrefix(ours, "{"):
		return "; write " + k.Path + ": " + ours
	case ours != "":
		return nearest.DidYouMean(ours)
	case k.Path == "data.set" && alias.Lacking(k.Path, name):
		return "; write it as files for csv, images, npy or idx; there are " + source.Join(known)
	case alias.Lacking(k.Path, name):
		return "; nightshift has none; there are " + source.Join(known)
	}
	if near := nearest.Suggest(name, known); near != "" {
		return near
	}
	return "; there are " + source.Join(known)
}

// meant ends a message about an unknown key with the one that is probably meant, whose value is then not known.
func (d *decoder) meant(name string) string {
	near := ""
	list, index, _ := strings.Cut(name, ".")
	_, err := strconv.Atoi(index)
	_, layer := alias.Layer(name)
	_, number := strconv.ParseFloat(name, 64)
	switch k := keys.Meant(name); {
	case number == nil:
		return "; a comma ends a value here: decimals have a point, as in 0.1"
	case err == nil && keys.Find(list) != nil:
		return fmt.Sprintf("; the values of %s have no names of their own: set it as a whole, as in %[1]s=[64, 32]", list)
	case alias.Seed(name):
		return "; seeds stand beside base and grid, as in seeds: 5 or seeds: [1, 2], and each cell is trained with all of them"
	case alias.Note(name) != "":
		return "; " + alias.Note(name)
	case k != nil:
		near = k.Path
	case layer:
		return "; write the sizes of all layers as hidden: [64, 32]"
	default:
		var note string
		if near, note = inData(name); note != "" {
			return "; " + note
		}
		if near == "" {
			near = keys.nearest(name)
		}
	}
	if near == "" {
		return "; there are " + source.Join(keys.Below(""))
	}
	d.broken[near] = true
	return nearest.DidYouMean(near)
}

// meantIn ends a message about an unknown key of a group or a choice, and names the key below the path that is meant; ""
// for none.
func meantIn(path, name string, known []string) (hint, near string) {
	k := keys.Meant(path, name)
	if path == "data" {
		switch key, note := alias.InData(name); {
		case note != "":
			return "; " + note, ""
		case key != "":
			return nearest.DidYouMean(key), key
		}
	}
	switch {
	case path != "data" && alias.Note(name) != "":
		return "; " + alias.Note(name), ""
	case k != nil && k.Path != path && slices.Contains(known, strings.TrimPrefix(k.Path, path+".")):
		near = strings.TrimPrefix(k.Path, path+".")
		return nearest.DidYouMean(near), near
	}
	if near = nearest.Name(name, known); near != "" {
		return nearest.DidYouMean(near), near
	}
	if alias.Note(name) != "" {
		return "; " + alias.Note(name), ""
	}
	if k != nil && Root(k.Path) != path {
		return "; it is no part of " + path + nearest.DidYouMean(k.place()), ""
	}
	return "; there are " + source.Join(known), ""
}

// meantTop ends a message about an unknown key at the top of a study or of a block of also, which may have the names;
// "" for no idea.
func meantTop(name string, names []string) string {
	k := keys.Meant(name)
	near, note := inData(name)
	switch part := alias.Part(name); {
	case alias.Seed(name):
		return nearest.DidYouMean("seeds")
	case slices.Contains(keys.paths, name):
		return nearest.DidYouMean("base." + name)
	case slices.Contains(names, part):
		return nearest.DidYouMean(part)
	case k != nil:
		return nearest.DidYouMean(k.place())
	case alias.Note(name) != "":
		return "; " + alias.Note(name)
	case note != "":
		return "; " + note
	case near != "":
		return nearest.DidYouMean(near)
	}
	return nearest.Suggest(name, names)
}

// inData is the path of the key of the data block that a name elsewhere means, or what to do about it; "" for none.
func inData(name string) (path, note string) {
	key, note := alias.InData(name)
	switch {
	case slices.Contains(keys.Below("data"), name):
		return "data." + name, ""
	case key != "":
		return "data." + key, ""
	}
	return "", note
}

// place is where the key stands in a study: data.set, base.lr.
func (k *Key) place() string {
	if Root(k.Path) == "data" {
		return k.Path
	}
	return "base." + k.Path
}

// meantMetric ends a message about an unknown metric that configurations are to be chosen by.
func meantMetric(name string) string {
	if ours, accuracy, _ := alias.Metric(name); ours != "" {
		return didYouMeanMetric(ours, accuracy)
	}
	if ours := alias.Derived(name); ours != "" {
		return "; " + ours + " is of test examples, by which nothing is chosen; there are " + source.Join(selections)
	}
	if hint := nearest.Suggest(name, selections); hint != "" {
		return hint
	}
	return "; there are " + source.Join(selections)
}

// meantMeasure ends a message about an unknown measure of a claim that another program has, on the split that it names or
// else on the test split; "" for no idea.
func meantMeasure(name string) string {
	if ours := alias.Derived(name); ours != "" {
		return didYouMeanMetric(ours, strings.Contains(alias.Letters(name), "acc"))
	}
	ours, accuracy, _ := alias.Metric(name)
	if ours == "" {
		return ""
	}
	split := "test"
	for word, of := range map[string]string{"train": "train", "val": "valid", "dev": "valid"} {
		if strings.Contains(strings.ToLower(name), word) {
			split = of
		}
	}
	return didYouMeanMetric(split+strings.TrimPrefix(ours, "valid"), accuracy)
}

func didYouMeanMetric(ours string, accuracy bool) string {
	if accuracy {
		return nearest.DidYouMean(ours) + " It is one minus the accuracy, and the smallest is the best"
	}
	return nearest.DidYouMean(ours)
}
