package schema

import (
	"nightshift/internal/study"

	"github.com/google/jsonschema-go/jsonschema"
)

// streamNames are the streams of random numbers, and what each does.
var streamNames = [][2]string{
	{"data", "draws and splits the examples, makes label noise"},
	{"init", "draws the initial weights"},
	{"order", "shuffles the examples, drops units"},
}

// seedsSchema is the seeds of a study: fixed, or rounds until its claims are
// decided, of one stream or of init and order together.
func seedsSchema() *jsonschema.Schema {
	rounds := roundsSchema()
	rounds = described(object(append(properties(rounds), untilProperty())...),
		"so many seeds as the claims need, of init and order together")
	rounds.Required = []string{"min", "max", "until"}
	forms := []*jsonschema.Schema{ref("fixed seeds"), rounds}
	for _, grows := range streamNames {
		var list []property
		for _, s := range streamNames {
			stream := ref("stream")
			if s[0] == grows[0] {
				stream = ref("rounds")
			}
			list = append(list, property{s[0], described(stream, s[1])})
		}
		one := nestable(append(list, untilProperty()))
		one.Required = []string{grows[0], "until"}
		if grows[0] != "data" { // with nested it is data that grows
			one.Properties["nested"] = constant(false)
		}
		forms = append(forms, described(one, "as many seeds of "+grows[0]+" as the claims need"))
	}
	return anyOf(forms...)
}

// fixedSeedsSchema is seeds that are all trained.
func fixedSeedsSchema() *jsonschema.Schema {
	var streams []property
	for _, s := range streamNames {
		streams = append(streams, property{s[0], described(ref("stream"), s[1])})
	}
	return anyOf(ref("stream"),
		described(nestable(streams), "streams that are crossed, so that every combination is a run, or nested"))
}

// nestable is a mapping of streams that may be nested, for which data and a number
// of init seeds are needed.
func nestable(list []property) *jsonschema.Schema {
	s := object(append(list, property{"nested",
		described(&jsonschema.Schema{Type: "boolean"}, "every training set has init seeds of its own: 2d and 2d+1 for init: 2")})...)
	s.If = &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{"nested": constant(true)}, Required: []string{"nested"}}
	s.Then = &jsonschema.Schema{Required: []string{"data"},
		Properties: map[string]*jsonschema.Schema{"init": {Type: "integer"}}}
	return s
}

// changedSeedsSchema is what a study over another may change of its seeds.
func changedSeedsSchema() *jsonschema.Schema {
	part := properties(roundsSchema())
	var list []property
	for _, s := range streamNames {
		list = append(list, property{s[0], described(anyOf(orNull(ref("stream")), object(part...)), s[1])})
	}
	list = append(list, property{"nested", orNull(&jsonschema.Schema{Type: "boolean"})})
	for _, p := range append(part, untilProperty()) {
		list = append(list, property{p.name, orNull(p.schema)})
	}
	return anyOf(ref("stream"), object(list...))
}

// roundsSchema is how many seeds there are at least and at most.
func roundsSchema() *jsonschema.Schema {
	number := func() *jsonschema.Schema {
		return bounded("integer", study.Limit{Min: study.MinRounds, Max: study.MaxRuns})
	}
	s := object(
		property{"min", described(number(), "seeds that every cell gets")},
		property{"max", described(number(), "seeds that no cell gets more of")},
	)
	s.Required = []string{"min", "max"}
	return s
}

func untilProperty() property {
	return property{"until", described(constant("decided"), "each claim goes on until it is decided, or cannot be with max")}
}

// properties are the entries of an object.
func properties(s *jsonschema.Schema) []property {
	var list []property
	for _, name := range s.PropertyOrder {
		list = append(list, property{name, s.Properties[name]})
	}
	return list
}

// streamSchema is the seeds of one stream.
func streamSchema() *jsonschema.Schema {
	several := listOf(bounded("integer", study.Limit{Min: 0, Max: study.Largest}))
	several.MinItems, several.UniqueItems = jsonschema.Ptr(1), true
	return anyOf(
		described(bounded("integer", study.Limit{Min: 1, Max: study.MaxRuns}), "so many seeds: 0, 1, 2, ..."),
		described(several, "these seeds"),
	)
}
