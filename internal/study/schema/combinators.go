package schema

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

// property is an entry of an object and what its value may be.
type property struct {
	name   string
	schema *jsonschema.Schema
}

// with gives a schema entries that an object may have, in the order in which
// editors offer them.
func with(s *jsonschema.Schema, list ...property) *jsonschema.Schema {
	s.Properties = map[string]*jsonschema.Schema{}
	for _, p := range list {
		s.Properties[p.name] = p.schema
		s.PropertyOrder = append(s.PropertyOrder, p.name)
	}
	return s
}

// object is a mapping of these entries, each of them optional, and no others.
func object(list ...property) *jsonschema.Schema {
	return with(&jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}, list...)
}

// items is what each entry of a list, if it is one, has to be.
func items(item *jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{Items: item} }

// constant is one value.
func constant(v any) *jsonschema.Schema { return &jsonschema.Schema{Const: &v} }

// encoded is a value of a key as JSON; they all have one.
func encoded(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("schema: %T: %v", v, err))
	}
	return text
}

func listOf(item *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: item}
}

func anyOf(list ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: list} }

func ref(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }

// modifier makes of what a value may be what it may be in some place.
type modifier func(*jsonschema.Schema) *jsonschema.Schema

func asIs(s *jsonschema.Schema) *jsonschema.Schema { return s }

// orNull is for parts of which the parser takes an empty one for none.
func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	return anyOf(s, &jsonschema.Schema{Type: "null"})
}

func described(s *jsonschema.Schema, description string) *jsonschema.Schema {
	s.Description = description
	return s
}

func enum(words ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	for _, w := range words {
		s.Enum = append(s.Enum, w)
	}
	return s
}

// line is a text as the parser reads it: whatever stands on the line.
func line() *jsonschema.Schema {
	return anyOf(&jsonschema.Schema{Type: "string"}, &jsonschema.Schema{Type: "number"}, &jsonschema.Schema{Type: "boolean"})
}

var inf = math.Inf(1)

// bounded is a number, or an integer, of a range.
func bounded(kind string, l study.Limit) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: kind}
	lowest, highest := &s.Minimum, &s.Maximum
	if l.Above {
		lowest = &s.ExclusiveMinimum
	}
	if l.Below {
		highest = &s.ExclusiveMaximum
	}
	if !math.IsInf(l.Min, 0) {
		*lowest = &l.Min
	}
	if !math.IsInf(l.Max, 0) {
		*highest = &l.Max
	}
	return s
}
