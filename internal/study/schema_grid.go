package study

import (
	"strings"

	"github.com/invopop/jsonschema"
)

// gridSchema is the axes: those of a key, and paired ones of any other name.
func gridSchema() *jsonschema.Schema {
	var list []property
	for _, k := range keys.list {
		for _, name := range k.axisNames() {
			list = append(list, property{name, ref("axis of " + k.path)})
		}
	}
	s := object(list...)
	s.AdditionalProperties = described(orNull(ref("rows")), "a paired axis: labelled rows that set several keys")
	return s
}

// axisNames are the path of a key and the group that stands for it.
func (k *key) axisNames() []string {
	names := []string{k.path}
	if group := root(k.path); shorthand[group] == k.path {
		names = append(names, group)
	}
	return names
}

// axisSchema is an axis that is named after a key.
func (k *key) axisSchema() *jsonschema.Schema {
	values := described(listOf(ref(k.path)), "these values")
	values.MinItems, values.MaxItems, values.UniqueItems = size64(1), size64(maxValues), true
	s := described(anyOf(values), k.doc)
	if k.kind == whole || k.kind == real || k.kind == parameter {
		s.AnyOf = append(s.AnyOf, k.ends(), k.distribution())
	}
	s.AnyOf = append(s.AnyOf, choiceSchema(*values), ref("rows"), described(&jsonschema.Schema{Type: "null"}, "drops the axis of this name"))
	return s
}

// ends narrows a range of numbers to those that the key may have.
func (k *key) ends() *jsonschema.Schema {
	number, name := "number", "range"
	if k.kind == whole {
		number, name = "integer", "whole range"
	}
	return &jsonschema.Schema{
		AllOf:      []*jsonschema.Schema{ref(name)},
		Properties: properties(property{"from", bounded(number, k.limit())}, property{"to", bounded(number, k.limit())}),
	}
}

// distribution is that of numbers that the key may have.
func (k *key) distribution() *jsonschema.Schema {
	if k.kind == whole {
		return ref("whole distribution")
	}
	return ref("distribution")
}

// choiceSchema is an axis whose points are some of the values.
func choiceSchema(values jsonschema.Schema) *jsonschema.Schema {
	values.MinItems, values.Description = size64(2), "the values, all equally likely"
	s := object(property{"choice", &values})
	s.Required = []string{"choice"}
	return described(s, "values that are drawn, as sample says")
}

// distributionSchema is what the points of an axis of numbers are drawn from.
func distributionSchema(number string) *jsonschema.Schema {
	var list []property
	for _, f := range Distributions() {
		end := &jsonschema.Schema{Type: number}
		if strings.HasPrefix(f[0], "int_") {
			end.Type = "integer"
		}
		if strings.HasSuffix(f[0], "log_uniform") {
			end.ExclusiveMinimum = "0"
		}
		ends := described(listOf(end), f[1])
		ends.MinItems, ends.MaxItems, ends.UniqueItems = size64(2), size64(2), true
		if f[0] != "choice" {
			list = append(list, property{f[0], ends})
		}
	}
	s := object(list...)
	s.MinProperties, s.MaxProperties = size64(1), size64(1)
	return described(s, "a distribution, of which sample draws the points")
}

// sampleSchema is how they are drawn.
func sampleSchema(value modifier) *jsonschema.Schema {
	method := &jsonschema.Schema{Default: "random", Description: "how the points are drawn"}
	for _, m := range SampleMethods() {
		method.AnyOf = append(method.AnyOf, described(&jsonschema.Schema{Const: m[0]}, m[1]))
	}
	return object(
		property{"n", described(value(bounded("integer", limit{min: 1, max: maxValues})), "how many points")},
		property{"seed", described(value(bounded("integer", limit{min: 0, max: largest})), "of the points; another seed draws others")},
		property{"method", value(method)},
	)
}

// rangeSchema is evenly spread numbers of an axis.
func rangeSchema(number string) *jsonschema.Schema {
	nonzero := &jsonschema.Schema{Not: &jsonschema.Schema{Const: 0}}
	s := object(
		property{"from", described(&jsonschema.Schema{Type: number}, "the first value")},
		property{"to", described(&jsonschema.Schema{Type: number}, "the last value")},
		property{"n", described(bounded("integer", limit{min: 2, max: maxValues}), "how many values")},
		property{"step", &jsonschema.Schema{Type: number, Not: nonzero.Not, Description: "how far each is from the one before; instead of n"}},
		property{"scale", described(enum("linear", "log"), "whether the values are spread evenly or by a factor; log goes with n")},
	)
	s.Required = []string{"from", "to"}
	s.OneOf = []*jsonschema.Schema{{Required: []string{"n"}}, {Required: []string{"step"}}}
	s.If = &jsonschema.Schema{Properties: properties(property{"scale", &jsonschema.Schema{Const: "log"}}), Required: []string{"scale"}}
	s.Then = &jsonschema.Schema{Properties: properties(property{"from", nonzero}, property{"to", nonzero}), Required: []string{"n"}}
	return described(s, "a range that hits both ends")
}

// rowsSchema is a paired axis.
func rowsSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:                 "object",
		MinProperties:        size64(1),
		PropertyNames:        &jsonschema.Schema{Pattern: `^\S(.*\S)?$`},
		AdditionalProperties: described(ref("settings"), "a row: the keys that it sets; its label stands in every legend"),
		Description:          "a paired axis: labelled rows that set several keys",
	}
}
