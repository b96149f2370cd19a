package schema

import (
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

// claimPattern matches the claims that the parser can read; whether they speak
// of cells that there are is another question.
func claimPattern() string {
	var whole, layered []string
	for _, m := range study.Measures() {
		if m.Layered {
			layered = append(layered, m.Name)
		} else {
			whole = append(whole, m.Name)
		}
	}
	const number = study.NumberPattern
	measure := `((` + strings.Join(whole, "|") + `)\s*(\([\s\S]*\))?|(` + strings.Join(layered, "|") +
		`)\s*\([\s\S]*layer\s*=[\s\S]*\))`
	term := `((` + number + `\s*\*\s*)?(best\s+)?` + measure + `|` + number + `)`
	return `^\s*` + term + `\s*([<>]\s*` + term + `|=\s*` + term + `\s*within\s*` + number + `)\s*$`
}

func expectSchema() *jsonschema.Schema {
	return listOf(&jsonschema.Schema{
		Type:    "string",
		Pattern: claimPattern(),
		Description: "TERM < TERM, TERM > TERM or TERM = TERM within NUMBER; a term is a number or MEASURE(axis=value, " +
			"epoch=N, layer=L), with a factor and best before it",
		Examples: []any{"test_error(lr=0.1) < test_error(lr=1)", "best test_error(width=32) < 0.5 * best test_error(width=8)"},
	})
}

func reportSchema() *jsonschema.Schema {
	figure := &jsonschema.Schema{}
	for _, f := range study.Figures() {
		figure.AnyOf = append(figure.AnyOf, described(constant(f[0]), f[1]))
	}
	figures := listOf(figure)
	figures.MinItems, figures.UniqueItems = jsonschema.Ptr(1), true
	return object(property{"figures",
		described(orNull(figures), "figures that are shown, in this order; by default every one that the data can support")})
}

func pruneSchema(value modifier) *jsonschema.Schema {
	rungs := listOf(bounded("integer", study.Limit{Min: 1, Max: study.Largest}))
	rungs.MinItems, rungs.UniqueItems = jsonschema.Ptr(1), true
	part := `\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`
	return object(
		property{"metric", described(value(enum(study.Selections()...)),
			"validation metric that cells compete by; by default that of select")},
		property{"rungs", described(value(rungs), "epochs after which cells are pruned, rising")},
		property{"keep", described(value(anyOf(
			bounded("number", study.Limit{Min: 0, Above: true, Max: 1, Below: true}),
			&jsonschema.Schema{Type: "string", Pattern: "^" + part + "/" + part + "$"},
		)), "share of the cells that goes on, as in 1/3")},
	)
}
