package study

import (
	"regexp"
	"strings"

	"github.com/invopop/jsonschema"
)

// whenSchema is a condition: axes or keys, and what their values have to be.
func whenSchema() *jsonschema.Schema {
	anything := &jsonschema.Schema{Not: &jsonschema.Schema{Type: "null"}}
	return &jsonschema.Schema{
		Type:                 "object",
		AdditionalProperties: described(anything, "labels of a paired axis, values of a key, or comparisons with them"),
	}
}

// typedWhenSchema is a condition in which a key's name stands for the key.
func typedWhenSchema() *jsonschema.Schema {
	var list []property
	for _, k := range keys.list {
		for _, name := range k.axisNames() {
			list = append(list, property{name, k.condition()})
		}
	}
	s := object(list...)
	s.AdditionalProperties = described(tests(line(), false), "labels of a paired axis")
	return s
}

// typeConditions makes the conditions of a study typed ones, unless it has a
// paired axis of a key's name: what its conditions compare are labels.
func typeConditions(study *jsonschema.Schema) {
	var names []string
	for _, k := range keys.list {
		for _, name := range k.axisNames() {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	rows := &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "object"}, MinProperties: size64(1)}
	grid := property{"grid", &jsonschema.Schema{PatternProperties: map[string]*jsonschema.Schema{
		"^(" + strings.Join(names, "|") + ")$": {Not: rows},
	}}}
	conditions := []property{
		{"rules", &jsonschema.Schema{Items: &jsonschema.Schema{Properties: properties(property{"when", ref("typed when")})}}},
		{"exclude", &jsonschema.Schema{Items: ref("typed when")}},
	}
	of := func(list ...property) *jsonschema.Schema {
		also := property{"also", &jsonschema.Schema{Items: &jsonschema.Schema{Properties: properties(list...)}}}
		return &jsonschema.Schema{Properties: properties(append(list, also)...)}
	}
	study.If, study.Then = of(grid), of(conditions...)
}

// condition is what a value of the key is compared with; unlike a value of the
// key itself it may be outside of its range.
func (k *key) condition() *jsonschema.Schema {
	switch {
	case k.path == "batch":
		value := anyOf(&jsonschema.Schema{Type: "integer", Not: &jsonschema.Schema{Const: 0}}, &jsonschema.Schema{Const: "full"})
		return described(tests(value, true), k.doc)
	case k.kind == whole:
		return described(ref("tests of whole numbers"), k.doc)
	case k.kind == real || k.kind == parameter:
		return described(ref("tests of numbers"), k.doc)
	case k.kind == text && k.options == nil:
		return described(tests(line(), false), k.doc)
	}
	return described(tests(ref(k.path), false), k.doc)
}

// tests are a value, a list of any of several, and comparisons.
func tests(value *jsonschema.Schema, numeric bool) *jsonschema.Schema {
	values := anyOf(value, listOf(value))
	var list []property
	for _, op := range operators {
		switch {
		case comparisons[op] == nil:
			list = append(list, property{op, values})
		case numeric:
			list = append(list, property{op, &jsonschema.Schema{Type: "number"}})
		}
	}
	compared := object(list...)
	compared.MinProperties = size64(1)
	return anyOf(value, listOf(value), compared)
}
