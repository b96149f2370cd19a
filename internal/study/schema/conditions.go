package schema

import (
	"regexp"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
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
	for _, k := range study.Keys().All() {
		for _, name := range axisNames(k) {
			list = append(list, property{name, conditionSchema(k)})
		}
	}
	s := object(list...)
	s.AdditionalProperties = described(tests(line(), false), "labels of a paired axis")
	return s
}

// typeConditions makes the conditions of a study typed ones, unless it has a
// paired axis of a key's name: what its conditions compare are labels.
func typeConditions(whole *jsonschema.Schema) {
	var names []string
	for _, k := range study.Keys().All() {
		for _, name := range axisNames(k) {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	rows := &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "object"},
		MinProperties: jsonschema.Ptr(1)}
	grid := property{"grid", &jsonschema.Schema{PatternProperties: map[string]*jsonschema.Schema{
		"^(" + strings.Join(names, "|") + ")$": {Not: rows},
	}}}
	conditions := []property{
		{"rules", items(with(&jsonschema.Schema{}, property{"when", ref("typed when")}))},
		{"exclude", items(ref("typed when"))},
	}
	of := func(list ...property) *jsonschema.Schema {
		also := property{"also", items(with(&jsonschema.Schema{}, list...))}
		return with(&jsonschema.Schema{}, append(list, also)...)
	}
	whole.If, whole.Then = of(grid), of(conditions...)
}

// conditionSchema is what a value of the key is compared with; unlike a value of the
// key itself it may be outside of its range.
func conditionSchema(k *study.Key) *jsonschema.Schema {
	switch {
	case k.Path == "batch":
		value := anyOf(&jsonschema.Schema{Type: "integer", Not: constant(0)}, constant("full"))
		return described(tests(value, true), k.Doc)
	case k.Kind == study.Whole:
		return described(ref("tests of whole numbers"), k.Doc)
	case k.Kind == study.Real || k.Kind == study.Parameter || k.Kind == study.Amount:
		return described(ref("tests of numbers"), k.Doc)
	case k.Kind == study.Text && k.Options == nil:
		return described(tests(line(), false), k.Doc)
	}
	return described(tests(ref(k.Path), false), k.Doc)
}

// tests are a value, a list of any of several, and comparisons.
func tests(value *jsonschema.Schema, numeric bool) *jsonschema.Schema {
	values := anyOf(value, listOf(value))
	var list []property
	for _, op := range study.Operators() {
		switch {
		case op.Compare == nil:
			list = append(list, property{op.Name, values})
		case numeric:
			list = append(list, property{op.Name, &jsonschema.Schema{Type: "number"}})
		}
	}
	compared := object(list...)
	compared.MinProperties = jsonschema.Ptr(1)
	return anyOf(value, listOf(value), compared)
}
