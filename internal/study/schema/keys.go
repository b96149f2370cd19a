package schema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
	"nightshift/mlp"
)

// schema is what the value of a key may be, with its meaning and its default.
func keySchema(k *study.Key) *jsonschema.Schema {
	var s *jsonschema.Schema
	switch k.Kind {
	case study.Whole:
		s = bounded("integer", k.Limit)
		if k.Path == "batch" {
			s = anyOf(s, described(constant("full"), "one step an epoch, on all examples"))
		}
	case study.Amount:
		s = anyOf(bounded("integer", k.Limit),
			described(bounded("number", study.Limit{Min: 0, Max: 1, Above: true, Below: true}), "a fraction of a file"))
	case study.Real, study.Parameter:
		s = bounded("number", k.Limit)
	case study.Text:
		s = wordSchema(k)
	case study.Truth:
		s = &jsonschema.Schema{Type: "boolean"}
	case study.Wholes:
		s = listOf(bounded("integer", k.Limit))
	case study.Reals:
		s = listOf(bounded("number", k.Limit))
	case study.Columns:
		s = anyOf(line(), listOf(line()))
	case study.Choice:
		s = choiceSchema(k)
	}
	s.Description = k.Doc
	s.Default = defaultJSON(k)
	return s
}

// wordSchema is one of a table, or of a few, or any.
func wordSchema(k *study.Key) *jsonschema.Schema {
	switch {
	case k.Options != nil:
		return options(k.Options)
	case slices.Equal(k.Enum, []string{"true", "false"}):
		return anyOf(&jsonschema.Schema{Type: "boolean"}, enum(k.Enum...))
	case k.Enum != nil:
		return enum(k.Enum...)
	}
	return line()
}

// options are the names of a table, each with what it means.
func options(table []mlp.Option) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	for _, o := range table {
		s.AnyOf = append(s.AnyOf, described(constant(o.Name), o.Doc))
	}
	return s
}

// defaultJSON is the default of a key as one writes it; nil where it has none.
func defaultJSON(k *study.Key) json.RawMessage {
	switch v := k.Default().(type) {
	case nil:
		return nil
	case study.Chosen:
		return encoded(v.Name)
	default:
		return encoded(v)
	}
}

// choiceSchema is the three ways to write a choice: a name, {name: ...,
// parameters}, and {name: value of the first parameter}.
func choiceSchema(k *study.Key) *jsonschema.Schema {
	s := options(k.Options)
	for _, o := range k.Options {
		full := []property{{"name", described(constant(o.Name), o.Doc)}}
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
	s := bounded("number", study.Limit{Min: p.Min, Max: p.Max})
	s.Description = p.Doc
	s.Default = encoded(p.Default)
	return s
}

// settingsSchema is a mapping of keys: by their paths, and groups as mappings.
// Over another study they may be null, which removes a key.
func settingsSchema(value modifier) *jsonschema.Schema {
	var list []property
	groups := map[string]bool{}
	for _, k := range study.Keys().All() {
		group, _, inside := strings.Cut(k.Path, ".")
		if inside && study.Keys().IsGroup(group) && !groups[group] {
			groups[group] = true
			whole := groupSchema(group, value)
			if short := study.Keys().Find(group); short != nil {
				whole = anyOf(ref(short.Path), whole)
			}
			list = append(list, property{group, value(whole)})
		}
		one := ref(k.Path)
		if k.Kind == study.Choice {
			one = anyOf(one, described(groupSchema(k.Path, value), "parameters of the one that is chosen already"))
		}
		list = append(list, property{k.Path, value(one)})
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
	for _, word := range study.Keys().Below(path) {
		list = append(list, property{word, value(ref(path + "." + word))})
	}
	return object(list...)
}
