// Package schema makes the JSON Schema of study files from the table of keys and
// the other tables of a study, so that editors complete and check what one
// writes. schema.go has the parts of a study, keys.go the values of keys, grid.go
// the axes, seeds.go the seeds, conditions.go rules and exclusions,
// parts.go the smaller parts, and combinators.go what all of them are made of.
package schema

//go:generate go test . -run ^TestSchemaFile$ -update

import (
	"encoding/json"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

// Generate makes the JSON Schema (draft 2020-12) of a study file from the
// tables that the parser reads. Editors complete and check by it. What it
// refuses the parser refuses, too, or no cell of the study would have it; what
// needs more than one place of the file (an exclude that matches nothing, a loss
// that does not go with its output) only the parser finds.
func Generate() ([]byte, error) {
	text, err := json.MarshalIndent(document(), "", " ")
	if err != nil {
		return nil, fmt.Errorf("schema of a study file: %w", err)
	}
	return append(text, '\n'), nil
}

func document() *jsonschema.Schema {
	s := &jsonschema.Schema{
		Schema:      "https://json-schema.org/draft/2020-12/schema",
		Title:       "Nightshift study",
		Description: "A study: a question, data, a base configuration, a grid of changes to it, and seeds",
		Type:        "object",
		If:          &jsonschema.Schema{Required: []string{"from"}},
		Then:        ref("study over another"),
		Else:        ref("study"),
	}
	s.Defs = map[string]*jsonschema.Schema{
		"study":              wholeSchema(),
		"study over another": studySchema(orNull, "changed "),
		"data":               groupSchema("data", asIs),
		"changed data":       groupSchema("data", orNull),
		"settings":           settingsSchema(asIs),
		"changed settings":   settingsSchema(orNull),
		"grid":               gridSchema(),
		"rows":               rowsSchema(),
		"seeds":              seedsSchema(),
		"fixed seeds":        fixedSeedsSchema(),
		"changed seeds":      changedSeedsSchema(),
		"stream":             streamSchema(),
		"rounds":             roundsSchema(),
		"when":               whenSchema(),
		"typed when":         typedWhenSchema(),
		"rules":              rulesSchema(),
		"exclude": listOf(&jsonschema.Schema{AllOf: []*jsonschema.Schema{ref("when")},
			MinProperties: jsonschema.Ptr(1)}),
		"block": blockSchema(),

		"range":                  rangeSchema("number"),
		"whole range":            rangeSchema("integer"),
		"distribution":           distributionSchema("number"),
		"whole distribution":     distributionSchema("integer"),
		"tests of numbers":       tests(&jsonschema.Schema{Type: "number"}, true),
		"tests of whole numbers": tests(&jsonschema.Schema{Type: "integer"}, true),
	}
	for _, k := range study.Keys().All() {
		s.Defs[k.Path] = keySchema(k)
		s.Defs["axis of "+k.Path] = axisSchema(k)
	}
	return s
}

// wholeSchema is a study that stands for itself.
func wholeSchema() *jsonschema.Schema {
	s := studySchema(asIs, "")
	for _, part := range []string{"data", "base", "grid", "rules"} { // one of them names the data set
		s.AnyOf = append(s.AnyOf, &jsonschema.Schema{Required: []string{part}})
	}
	s.AllOf = []*jsonschema.Schema{with(&jsonschema.Schema{},
		// there is no axis to drop
		property{"grid", &jsonschema.Schema{AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{Type: "null"}}}},
		property{"prune", &jsonschema.Schema{Required: []string{"rungs"}}},
		property{"sample", &jsonschema.Schema{Required: []string{"n"}}},
	)}
	typeConditions(s)
	return s
}

// studySchema is the parts of a study. Over another it may leave out what that
// one has, and remove a value by null; its data and settings are changed ones.
func studySchema(value modifier, changed string) *jsonschema.Schema {
	s := object(
		property{"study", &jsonschema.Schema{
			AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: study.NamePattern},
				{Type: "number", Minimum: jsonschema.Ptr(0.0)}, {Type: "boolean"}},
			Description: "name of the study and of its folder of results: small letters, digits, . _ and -",
		}},
		property{"from", &jsonschema.Schema{
			Type: "string", Pattern: `^([a-z0-9][a-z0-9._-]{0,99}|.+\.ya?ml)$`,
			Description: "the study that this one begins from: a file in its folder or below, or the name of one that ships " +
				"with nightshift",
		}},
		property{"question", described(value(line()), "what the study asks; the title of its report")},
		property{"data", described(orNull(ref(changed+"data")), "the data set: its name, sizes, scaling and noise")},
		property{"base", described(orNull(ref(changed+"settings")), "keys of the configuration that every run shares")},
		property{"grid", described(orNull(ref("grid")),
			"the axes: every combination of their values is a cell; the last one varies fastest")},
		property{"seeds", described(value(ref(changed+"seeds")),
			"the seeds of each cell: how many, which ones, streams that are crossed or nested, or as many as the claims need")},
		property{"rules", described(orNull(ref("rules")), "changes to the cells that meet a condition, after the axes")},
		property{"exclude", described(orNull(ref("exclude")), "conditions of cells that are left out, after the rules")},
		property{"also", described(orNull(listOf(ref("block"))),
			"further blocks of cells; each inherits the study and changes what it names")},
		property{"sample", described(orNull(sampleSchema(value)), "how the points of the axes that are distributions are drawn")},
		property{"select", described(value(enum(study.Selections()...)),
			"validation metric that configurations are chosen by; nothing is chosen by test data")},
		property{"expect", described(orNull(expectSchema()),
			"claims that the report holds against the data: held, not held or undecided")},
		property{"report", described(orNull(reportSchema()), "what the report shows")},
		property{"prune", described(orNull(pruneSchema(value)),
			"successive halving: after each rung only the best share of the cells goes on")},
		property{"budget", described(orNull(budgetSchema(value)), "what the study may cost; one that costs more is refused")},
		property{"keep", described(orNull(keepSchema(value)), "what is stored of each run besides its metrics and test outputs")},
	)
	s.Required = []string{"study"}
	return s
}

// blockSchema is a block of also.
func blockSchema() *jsonschema.Schema {
	return object(
		property{"data", described(orNull(ref("data")), "changes to the study's data; another set begins anew")},
		property{"base", described(orNull(ref("settings")), "changes to the study's base")},
		property{"grid", described(orNull(ref("grid")),
			"further axes; one of the same name takes the place of the study's, null drops it")},
		property{"seeds", described(ref("fixed seeds"), "seeds instead of the study's")},
		property{"rules", described(orNull(ref("rules")), "further rules")},
		property{"exclude", described(orNull(ref("exclude")), "further conditions of cells that are left out")},
	)
}

func rulesSchema() *jsonschema.Schema {
	rule := object(
		property{"when", described(ref("when"), "all of it has to be met")},
		property{"set", described(ref("settings"), "keys that the rule sets")},
	)
	rule.Required = []string{"when", "set"}
	return listOf(rule)
}

func budgetSchema(value modifier) *jsonschema.Schema {
	wall := &jsonschema.Schema{Type: "string", Pattern: `^\+?((\d+\.?\d*|\.\d+)(h|m|s|ms|us|µs|ns))+$`,
		Examples: []any{"8h", "1h30m"}}
	return object(
		property{"max_runs", described(value(bounded("number", study.Limit{Min: 1, Max: inf})),
			"most runs that the study may have")},
		property{"wall", described(value(wall), "longest time that a night of it may be forecast to take")},
	)
}

func keepSchema(value modifier) *jsonschema.Schema {
	weights := &jsonschema.Schema{Default: encoded("none"), Description: "weights that are stored"}
	every := object(property{"every",
		described(bounded("integer", study.Limit{Min: 1, Max: study.Largest}), "epochs between two")})
	every.Required = []string{"every"}
	for _, w := range study.KeptWeights() {
		one := constant(w[0])
		if w[0] == "{every: n}" {
			one = every
		}
		weights.AnyOf = append(weights.AnyOf, described(one, w[1]))
	}
	return object(property{"weights", value(weights)})
}
