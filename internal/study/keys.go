package study

import (
	"reflect"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// kind is the type of a key's value.
type kind int

const (
	whole     kind = iota // int
	real                  // float64
	text                  // string
	truth                 // bool
	wholes                // []int
	reals                 // []float64
	choice                // chosen
	parameter             // float64 in the Params of a choice
)

// meant names the kinds in messages.
var meant = map[kind]string{
	whole: "a whole number", real: "a number", text: "a word", truth: "true or false",
	wholes: "a list of whole numbers, as in [256, 128]", reals: "a list of numbers, as in [1, 2.5]",
	choice: "a name, or a mapping such as {name: ...}", parameter: "a number",
}

// key is something that a study can set: a leaf of Config, a parameter of a
// choice, or one of width and depth, which stand for hidden.
type key struct {
	path    string // as in optimizer.momentum
	doc     string
	kind    kind
	index   []int               // of the field of Config; nil for width and depth
	options func() []mlp.Option // what a text or a choice may name; nil for any text
}

// root is the first word of a path.
func root(path string) string {
	first, _, _ := strings.Cut(path, ".")
	return first
}

// last is the last word of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// tables are the alternatives of the keys that name one.
var tables = map[string]func() []mlp.Option{
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

// keyTable is every key in the order of Config, the groups of keys such as
// dropout, and the paths of all of them.
type keyTable struct {
	list   []*key
	byPath map[string]*key
	groups map[string]bool
	paths  []string // of keys and groups
}

var keys = newKeyTable()

func newKeyTable() *keyTable {
	t := &keyTable{byPath: map[string]*key{}, groups: map[string]bool{}}
	t.walk(reflect.TypeFor[Config](), "", nil)
	t.add(&key{path: "width", kind: whole, doc: "units of every hidden layer; with depth instead of hidden"})
	t.add(&key{path: "depth", kind: whole, doc: "number of hidden layers of this width; 0 for a linear model"})
	return t
}

func (t *keyTable) add(k *key) {
	t.list = append(t.list, k)
	t.byPath[k.path] = k
	t.paths = append(t.paths, k.path)
}

// walk adds the fields of a struct below a path.
func (t *keyTable) walk(s reflect.Type, prefix string, index []int) {
	for i := range s.NumField() {
		f := s.Field(i)
		at := append(slices.Clone(index), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		k := &key{path: prefix + name, doc: f.Tag.Get("doc"), index: at, options: tables[prefix+name]}
		switch {
		case f.Anonymous:
			t.walk(f.Type, prefix, at)
			continue
		case f.Type == reflect.TypeFor[mlp.Choice]():
			k.kind = choice
			t.add(k)
			t.parameters(k)
			continue
		case f.Type.Kind() == reflect.Struct:
			t.groups[k.path] = true
			t.paths = append(t.paths, k.path)
			t.walk(f.Type, k.path+".", at)
			continue
		}
		switch f.Type.Kind() {
		case reflect.Int:
			k.kind = whole
		case reflect.Float64:
			k.kind = real
		case reflect.String:
			k.kind = text
		case reflect.Bool:
			k.kind = truth
		case reflect.Slice:
			k.kind = wholes
			if f.Type.Elem().Kind() == reflect.Float64 {
				k.kind = reals
			}
		}
		t.add(k)
	}
}

// parameters adds those of every option of a choice, each name once.
func (t *keyTable) parameters(c *key) {
	for _, o := range c.options() {
		for _, p := range o.Params {
			path := c.path + "." + p.Name
			if t.byPath[path] == nil {
				t.add(&key{path: path, doc: p.Doc, kind: parameter, index: c.index})
			}
		}
	}
}

// find gives the key of a path; a group with a shorthand is the key that it
// stands for.
func (t *keyTable) find(path string) *key {
	if full, ok := shorthand[path]; ok {
		path = full
	}
	return t.byPath[path]
}

// below lists the words that may follow a path, or begin one.
func (t *keyTable) below(path string) []string {
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

// field is where a configuration keeps a key that has an index.
func (k *key) field(c *Config) reflect.Value {
	return reflect.ValueOf(c).Elem().FieldByIndex(k.index)
}

// names lists what a text or choice may be.
func names(options []mlp.Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Name
	}
	return list
}

// nearest is the path that is most like a name, by all of it or by its last
// word; "" where none is near.
func (t *keyTable) nearest(name string) string {
	if t.find(name) != nil {
		return name
	}
	var words []string
	for _, p := range t.paths {
		words = append(words, last(p))
	}
	whole, word := source.Nearest(name, t.paths), source.Nearest(name, words)
	if word != "" && (whole == "" || source.Slips(name, word) < source.Slips(name, whole)) {
		return t.paths[slices.Index(words, word)]
	}
	return whole
}
