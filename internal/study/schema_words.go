package study

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/invopop/jsonschema"
	orderedmap "github.com/pb33f/ordered-map/v2"
)

// property is an entry of an object and what its value may be.
type property struct {
	name   string
	schema *jsonschema.Schema
}

// properties keeps the order in which editors offer them.
func properties(list ...property) *orderedmap.OrderedMap[string, *jsonschema.Schema] {
	p := jsonschema.NewProperties()
	for _, one := range list {
		p.Set(one.name, one.schema)
	}
	return p
}

// object is a mapping of these entries, each of them optional, and no others.
func object(list ...property) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Properties: properties(list...), AdditionalProperties: jsonschema.FalseSchema}
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

// limit is the range of a number; an infinite end is none.
type limit struct {
	min, max     float64
	above, below bool // min, or max, is itself outside
}

var inf = math.Inf(1)

// bounded is a number, or an integer, of a range.
func bounded(kind string, l limit) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: kind}
	lowest, highest := &s.Minimum, &s.Maximum
	if l.above {
		lowest = &s.ExclusiveMinimum
	}
	if l.below {
		highest = &s.ExclusiveMaximum
	}
	if !math.IsInf(l.min, 0) {
		*lowest = json.Number(strconv.FormatFloat(l.min, 'g', -1, 64))
	}
	if !math.IsInf(l.max, 0) {
		*highest = json.Number(strconv.FormatFloat(l.max, 'g', -1, 64))
	}
	return s
}

func size64(n uint64) *uint64 { return &n }
