package schema

import (
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

func reportSchema() *jsonschema.Schema {
	figure := &jsonschema.Schema{}
	for _, k := range study.FigureKinds() {
		if len(k.Needs) == 0 {
			figure.AnyOf = append(figure.AnyOf, described(constant(k.Name), k.Doc))
		}
	}
	for _, k := range study.FigureKinds() {
		figure.AnyOf = append(figure.AnyOf, figureSchema(k))
	}
	figures := listOf(figure)
	figures.MinItems, figures.UniqueItems = jsonschema.Ptr(1), true
	return object(property{"figures",
		described(orNull(figures), "figures that are shown, in this order; by default those that axes and claims suggest")})
}

// figureSchema is a figure with options.
func figureSchema(k study.FigureKind) *jsonschema.Schema {
	list := []property{{k.Name, described(measuresSchema(k), k.Doc)}}
	for _, o := range study.FigureOptions() {
		if slices.Contains(k.Options, o.Name) || o.Name == "where" || o.Name == "title" {
			list = append(list, property{o.Name, described(optionSchema(o), strings.ReplaceAll(o.Doc, "`", ""))})
		}
	}
	s := object(list...)
	s.Required = append([]string{k.Name}, k.Needs...)
	return s
}

// measuresSchema is what stands behind the name of a figure.
func measuresSchema(k study.FigureKind) *jsonschema.Schema {
	null := &jsonschema.Schema{Type: "null"}
	if k.Measures == 0 {
		return null
	}
	var names, examples []string
	for _, m := range study.Measures() {
		names, examples = append(names, m.Name), append(examples, m.Name)
	}
	for _, s := range study.Statistics() {
		names = append(names, s.Name)
	}
	one := &jsonschema.Schema{Type: "string", Pattern: `^\s*(best\s+)?(` + strings.Join(names, "|") + `)\s*(\([\s\S]*\))?\s*$`}
	for _, e := range examples {
		one.Examples = append(one.Examples, e)
	}
	s := anyOf(one)
	if k.Measures > 1 {
		several := listOf(one)
		several.MinItems, several.MaxItems = jsonschema.Ptr(1), &k.Measures
		s.AnyOf = append(s.AnyOf, several)
	}
	if len(k.Needs) == 0 {
		s.AnyOf = append(s.AnyOf, null)
	}
	return s
}

func optionSchema(o study.FigureOption) *jsonschema.Schema {
	scalar := &jsonschema.Schema{Types: []string{"string", "number", "boolean"}}
	switch o.Values {
	case study.AxisName:
		return &jsonschema.Schema{Type: "string"}
	case study.Cells:
		several := listOf(scalar)
		several.MinItems = jsonschema.Ptr(1)
		return &jsonschema.Schema{Type: "object", AdditionalProperties: anyOf(scalar, several)}
	case study.Formulas:
		several := listOf(scalar)
		several.MinItems = jsonschema.Ptr(1)
		return anyOf(scalar, several, &jsonschema.Schema{Type: "object", AdditionalProperties: scalar,
			MinProperties: jsonschema.Ptr(1)})
	case study.LossName:
		return enum(study.SplitLosses()...)
	case study.AxisList:
		axes := listOf(enum("x", "y"))
		axes.UniqueItems = true
		return anyOf(enum("x", "y"), axes)
	}
	return scalar
}
