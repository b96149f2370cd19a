package schema

import (
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

// gridSchema is the axes: those of a key, and paired ones of any other name.
func gridSchema() *jsonschema.Schema {
	var list []property
	for _, k := range study.Keys().All() {
		for _, name := range axisNames(k) {
			list = append(list, property{name, ref("axis of " + k.Path)})
		}
	}
	s := object(list...)
	s.AdditionalProperties = described(orNull(ref("rows")), "a paired axis: labelled rows that set several keys")
	return s
}

// axisNames are the path of a key and the group that stands for it.
func axisNames(k *study.Key) []string {
	names := []string{k.Path}
	if group := study.Root(k.Path); study.Keys().IsGroup(group) && study.Keys().Find(group) == k {
		names = append(names, group)
	}
	return names
}

// axisSchema is an axis that is named after a key.
func axisSchema(k *study.Key) *jsonschema.Schema {
	values := described(listOf(ref(k.Path)), "these values")
	values.MinItems, values.MaxItems, values.UniqueItems = jsonschema.Ptr(1), jsonschema.Ptr(study.MaxValues), true
	s := described(anyOf(values), k.Doc)
	if k.Kind.Numeric() {
		s.AnyOf = append(s.AnyOf, ends(k), distribution(k))
	}
	s.AnyOf = append(s.AnyOf, drawnSchema(*values), ref("rows"),
		described(&jsonschema.Schema{Type: "null"}, "drops the axis of this name"))
	return s
}

// ends narrows a range of numbers to those that the key may have.
func ends(k *study.Key) *jsonschema.Schema {
	number, name := "number", "range"
	if k.Kind == study.Whole {
		number, name = "integer", "whole range"
	}
	return with(&jsonschema.Schema{AllOf: []*jsonschema.Schema{ref(name)}},
		property{"from", bounded(number, k.Limit)}, property{"to", bounded(number, k.Limit)})
}

// distribution is that of numbers that the key may have.
func distribution(k *study.Key) *jsonschema.Schema {
	if k.Kind == study.Whole {
		return ref("whole distribution")
	}
	return ref("distribution")
}

// drawnSchema is an axis whose points are some of the values.
func drawnSchema(values jsonschema.Schema) *jsonschema.Schema {
	values.MinItems, values.Description = jsonschema.Ptr(2), "the values, all equally likely"
	s := object(property{"choice", &values})
	s.Required = []string{"choice"}
	return described(s, "values that are drawn, as sample says")
}

// distributionSchema is what the points of an axis of numbers are drawn from.
func distributionSchema(number string) *jsonschema.Schema {
	var list []property
	for _, f := range study.Distributions() {
		end := &jsonschema.Schema{Type: number}
		if strings.HasPrefix(f[0], "int_") {
			end.Type = "integer"
		}
		if strings.HasSuffix(f[0], "log_uniform") {
			end.ExclusiveMinimum = jsonschema.Ptr(0.0)
		}
		ends := described(listOf(end), f[1])
		ends.MinItems, ends.MaxItems, ends.UniqueItems = jsonschema.Ptr(2), jsonschema.Ptr(2), true
		if f[0] != "choice" {
			list = append(list, property{f[0], ends})
		}
	}
	s := object(list...)
	s.MinProperties, s.MaxProperties = jsonschema.Ptr(1), jsonschema.Ptr(1)
	return described(s, "a distribution, of which sample draws the points")
}

// sampleSchema is how they are drawn.
func sampleSchema(value modifier) *jsonschema.Schema {
	method := &jsonschema.Schema{Default: encoded("random"), Description: "how the points are drawn"}
	for _, m := range study.SampleMethods() {
		method.AnyOf = append(method.AnyOf, described(constant(m[0]), m[1]))
	}
	return object(
		property{"n", described(value(bounded("integer", study.Limit{Min: 1, Max: study.MaxValues})), "how many points")},
		property{"seed", described(value(bounded("integer", study.Limit{Min: 0, Max: study.Largest})),
			"of the points; another seed draws others")},
		property{"method", value(method)},
	)
}

// rangeSchema is evenly spread numbers of an axis.
func rangeSchema(number string) *jsonschema.Schema {
	nonzero := &jsonschema.Schema{Not: constant(0)}
	s := object(
		property{"from", described(&jsonschema.Schema{Type: number}, "the first value")},
		property{"to", described(&jsonschema.Schema{Type: number}, "the last value")},
		property{"n", described(bounded("integer", study.Limit{Min: 2, Max: study.MaxValues}), "how many values")},
		property{"step", &jsonschema.Schema{Type: number, Not: nonzero.Not,
			Description: "how far each is from the one before; instead of n"}},
		property{"scale", described(enum("linear", "log"),
			"whether the values are spread evenly or by a factor; log goes with n")},
	)
	s.Required = []string{"from", "to"}
	s.OneOf = []*jsonschema.Schema{{Required: []string{"n"}}, {Required: []string{"step"}}}
	s.If = with(&jsonschema.Schema{Required: []string{"scale"}}, property{"scale", constant("log")})
	s.Then = with(&jsonschema.Schema{Required: []string{"n"}}, property{"from", nonzero}, property{"to", nonzero})
	return described(s, "a range that hits both ends")
}

// rowsSchema is a paired axis.
func rowsSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:                 "object",
		MinProperties:        jsonschema.Ptr(1),
		PropertyNames:        &jsonschema.Schema{Pattern: `^\S(.*\S)?$`},
		AdditionalProperties: described(ref("settings"), "a row: the keys that it sets; its label stands in every legend"),
		Description:          "a paired axis: labelled rows that set several keys",
	}
}
