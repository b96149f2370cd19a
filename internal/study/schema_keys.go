package study

import (
	"strings"

	"github.com/invopop/jsonschema"

	"nightshift/mlp"
)

// schema is what the value of a key may be, with its meaning and its default.
func (k *key) schema() *jsonschema.Schema {
	var s *jsonschema.Schema
	switch k.kind {
	case whole:
		s = bounded("integer", k.limit())
		if k.path == "batch" {
			s = anyOf(s, &jsonschema.Schema{Const: "full", Description: "one step an epoch, on all examples"})
		}
	case real, parameter:
		s = bounded("number", k.limit())
	case text:
		s = k.word()
	case truth:
		s = &jsonschema.Schema{Type: "boolean"}
	case wholes:
		s = listOf(bounded("integer", k.limit()))
	case reals:
		s = listOf(bounded("number", k.limit()))
	case choice:
		s = k.choiceSchema()
	}
	s.Description = k.doc
	s.Default = k.usual()
	return s
}

// word is one of a table, or of a few, or any.
func (k *key) word() *jsonschema.Schema {
	switch {
	case k.options != nil:
		return options(k.options())
	case words[k.path] != nil:
		return enum(words[k.path]...)
	}
	return line()
}

// options are the names of a table, each with what it means.
func options(table []mlp.Option) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	for _, o := range table {
		s.AnyOf = append(s.AnyOf, &jsonschema.Schema{Const: o.Name, Description: o.Doc})
	}
	return s
}

// usual is the default of a key, as one writes it; nil where it has none or
// where the data set decides.
func (k *key) usual() any {
	if k.kind == parameter || root(k.path) == "data" {
		return nil
	}
	v, _ := newState().get(k)
	if c, ok := v.(chosen); ok {
		return c.Name
	}
	return v
}

// choiceSchema is the three ways to write a choice: a name, {name: ...,
// parameters}, and {name: value of the first parameter}.
func (k *key) choiceSchema() *jsonschema.Schema {
	s := options(k.options())
	for _, o := range k.options() {
		full := []property{{"name", &jsonschema.Schema{Const: o.Name, Description: o.Doc}}}
		for _, p := range o.Params {
			full = append(full, property{p.Name, paramSchema(p)})
		}
		named := object(full...)
		named.Required = []string{"name"}
		s.AnyOf = append(s.AnyOf, named)
		if len(o.Params) > 0 {
			short := object(property{o.Name, paramSchema(o.Params[0])})
			short.Required = []string{o.Name}
			s.AnyOf = append(s.AnyOf, described(short, o.Doc))
		}
	}
	return s
}

func paramSchema(p mlp.Param) *jsonschema.Schema {
	s := bounded("number", limit{min: p.Min, max: p.Max})
	s.Description = p.Doc
	s.Default = p.Default
	return s
}

// settingsSchema is a mapping of keys: by their paths, and groups as mappings.
// Over another study they may be null, which removes a key.
func settingsSchema(value modifier) *jsonschema.Schema {
	var list []property
	groups := map[string]bool{}
	for _, k := range keys.list {
		group, _, inside := strings.Cut(k.path, ".")
		if inside && keys.groups[group] && !groups[group] {
			groups[group] = true
			whole := groupSchema(group, value)
			if short, ok := shorthand[group]; ok {
				whole = anyOf(ref(short), whole)
			}
			list = append(list, property{group, value(whole)})
		}
		one := ref(k.path)
		if k.kind == choice {
			one = anyOf(one, described(groupSchema(k.path, value), "parameters of the one that is chosen already"))
		}
		list = append(list, property{k.path, value(one)})
	}
	s := object(list...)
	for _, path := range []string{"width", "depth"} {
		s.AllOf = append(s.AllOf, &jsonschema.Schema{
			Not:         &jsonschema.Schema{Required: []string{"hidden", path}},
			Description: path + " and hidden both say what the hidden layers are; give one of them",
		})
	}
	return s
}

// groupSchema is a mapping of the keys below a path.
func groupSchema(path string, value modifier) *jsonschema.Schema {
	var list []property
	for _, word := range keys.below(path) {
		list = append(list, property{word, value(ref(path + "." + word))})
	}
	return object(list...)
}
