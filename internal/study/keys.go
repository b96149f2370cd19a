package study

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/nearest"
	"nightshift/mlp"
)

// KeyTable is every key in the order of Config, and the groups of keys such as
// dropout. The JSON Schema, the documentation and the import of other programs'
// files are made from it.
type KeyTable struct {
	list     []*Key
	byPath   map[string]*Key
	groups   map[string]bool
	paths    []string    // of keys and groups
	identity []quotedKey // that identities are made of
}

// optionTables are the alternatives of the keys that name one.
var optionTables = map[string]func() []mlp.Option{
	"activation": mlp.Activations,
	"output":     mlp.Outputs,
	"loss":       mlp.Losses,
	"init":       mlp.Initializers,
	"bias_init":  mlp.BiasInitializers,
	"optimizer":  mlp.Optimizers,
	"schedule":   mlp.Schedules,
	"data.set": func() []mlp.Option {
		var list []mlp.Option
		for _, s := range dataset.Sets() {
			list = append(list, mlp.Option{Name: s.Name, Doc: s.Doc})
		}
		return list
	},
}

// shorthand names the key that a plain value of a group stands for.
var shorthand = map[string]string{
	"dropout":    "dropout.hidden",
	"early_stop": "early_stop.patience",
}

var keys = newKeyTable(reflect.TypeFor[Config](), optionTables)

// Keys is the table of the keys of a study. Its keys are not to be changed.
func Keys() *KeyTable { return keys }

// All lists the keys in the order of Config; width and depth come last.
func (t *KeyTable) All() []*Key { return slices.Clone(t.list) }

// IsGroup says whether a path is that of a group of keys, such as dropout.
func (t *KeyTable) IsGroup(path string) bool { return t.groups[path] }

// Find gives the key of a path, or nil; a group with a shorthand is the key that
// it stands for.
func (t *KeyTable) Find(path string) *Key {
	if full, ok := shorthand[path]; ok {
		path = full
	}
	return t.byPath[path]
}

// Below lists the words that may follow a path, or begin one.
func (t *KeyTable) Below(path string) []string {
	if path != "" {
		path += "."
	}
	var words []string
	for _, p := range t.paths {
		if rest, ok := strings.CutPrefix(p, path); ok && !strings.Contains(rest, ".") {
			words = append(words, rest)
		}
	}
	return words
}

// nearest is the path that is most like a name, by all of it or by its last
// word; "" where none is near.
func (t *KeyTable) nearest(name string) string {
	if t.Find(name) != nil {
		return name
	}
	var words []string
	for _, p := range t.paths {
		words = append(words, Last(p))
	}
	var paths []string // of as many words
	for _, p := range t.paths {
		if strings.Count(p, ".") == strings.Count(name, ".") {
			paths = append(paths, p)
		}
	}
	whole, word := nearest.Name(name, paths), nearest.Name(name, words)
	if word != "" && (whole == "" || nearest.Slips(name, word) < nearest.Slips(name, whole)) {
		return t.paths[slices.Index(words, word)]
	}
	return whole
}

// newKeyTable makes the table of a struct like Config.
func newKeyTable(config reflect.Type, options map[string]func() []mlp.Option) *KeyTable {
	t := &KeyTable{byPath: map[string]*Key{}, groups: map[string]bool{}}
	t.walk(config, "", nil, options)
	t.add(&Key{Path: "width", Kind: Whole, Limit: Limit{Min: 1, Max: Largest},
		Doc: "units of every hidden layer; with depth instead of hidden"})
	t.add(&Key{Path: "depth", Kind: Whole, Limit: Limit{Min: 0, Max: maxLayers},
		Doc: "number of hidden layers of this width; 0 for a linear model"})
	for _, k := range t.list {
		if k.index != nil && k.Kind != Parameter && !k.inData {
			t.identity = append(t.identity, quotedKey{k, strconv.Quote(k.Path) + ":"})
		}
	}
	slices.SortFunc(t.identity, func(a, b quotedKey) int { return strings.Compare(a.Path, b.Path) })
	return t
}

func (t *KeyTable) add(k *Key) {
	t.list = append(t.list, k)
	t.byPath[k.Path] = k
	t.paths = append(t.paths, k.Path)
}

// walk adds the fields of a struct below a path.
func (t *KeyTable) walk(s reflect.Type, prefix string, index []int, options map[string]func() []mlp.Option) {
	for i := range s.NumField() {
		f := s.Field(i)
		at := append(slices.Clone(index), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		path := prefix + name
		switch {
		case name == "-": // not of the file
		case f.Anonymous:
			t.walk(f.Type, prefix, at, options)
		case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[mlp.Choice]():
			t.groups[path] = true
			t.paths = append(t.paths, path)
			t.walk(f.Type, path+".", at, options)
		default:
			k := &Key{Path: path, Doc: f.Tag.Get("doc"), Kind: kindOf(f.Type), Since: f.Tag.Get("since"),
				inData: f.Tag.Get("identity") == "data", index: at}
			if table := options[path]; table != nil {
				k.Options = table()
			}
			if enum := f.Tag.Get("enum"); enum != "" {
				k.Enum = strings.Fields(enum)
			}
			if l := f.Tag.Get("range"); l != "" {
				var err error
				if k.Limit, err = limitOf(l, k.Kind); err != nil {
					panic(fmt.Sprintf("study: key %s: %v", path, err)) // a tag of ours, which any test would meet
				}
			}
			t.add(k)
			t.addParameters(k)
		}
	}
}

// kindOf is the kind of a field of a configuration.
func kindOf(t reflect.Type) Kind {
	switch {
	case t == reflect.TypeFor[mlp.Choice]():
		return Choice
	case t == reflect.TypeFor[[]float64]():
		return Reals
	case t == reflect.TypeFor[dataset.List]():
		return Columns
	case t == reflect.TypeFor[dataset.Amount]():
		return Amount
	}
	return map[reflect.Kind]Kind{
		reflect.Int: Whole, reflect.Float64: Real, reflect.String: Text, reflect.Bool: Truth, reflect.Slice: Wholes,
	}[t.Kind()]
}

// addParameters adds those of every option of a choice, each name once, with the
// range of all options that have it.
func (t *KeyTable) addParameters(c *Key) {
	if c.Kind != Choice {
		return
	}
	for _, o := range c.Options {
		for _, p := range o.Params {
			path := c.Path + "." + p.Name
			k := t.byPath[path]
			if k == nil {
				k = &Key{Path: path, Doc: p.Doc, Kind: Parameter, Limit: Limit{Min: math.Inf(1), Max: math.Inf(-1)},
					index: c.index}
				t.add(k)
			}
			k.Limit.Min, k.Limit.Max = min(k.Limit.Min, p.Min), max(k.Limit.Max, p.Max)
		}
	}
}

// quotedKey is a key with the JSON that stands in front of its value.
type quotedKey struct {
	*Key
	quoted string
}
