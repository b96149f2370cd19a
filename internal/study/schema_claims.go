package study

import (
	"strings"

	"github.com/invopop/jsonschema"
)

// claimPattern matches the claims that the parser can read; whether they speak
// of cells that there are is another question.
func claimPattern() string {
	var whole, layered []string
	for _, m := range measures {
		if m.layers {
			layered = append(layered, m.name)
		} else {
			whole = append(whole, m.name)
		}
	}
	number := strings.TrimPrefix(numberText.String(), "^")
	measure := `((` + strings.Join(whole, "|") + `)\s*(\([\s\S]*\))?|(` + strings.Join(layered, "|") + `)\s*\([\s\S]*layer\s*=[\s\S]*\))`
	term := `((` + number + `\s*\*\s*)?(best\s+)?` + measure + `|` + number + `)`
	return `^\s*` + term + `\s*([<>]\s*` + term + `|=\s*` + term + `\s*within\s*` + number + `)\s*$`
}

func expectSchema() *jsonschema.Schema {
	return listOf(&jsonschema.Schema{
		Type:        "string",
		Pattern:     claimPattern(),
		Description: "TERM < TERM, TERM > TERM or TERM = TERM within NUMBER; a term is a number or MEASURE(axis=value, epoch=N, layer=L), with a factor and best before it",
		Examples:    []any{"test_error(lr=0.1) < test_error(lr=1)", "best test_error(width=32) < 0.5 * best test_error(width=8)"},
	})
}

func reportSchema() *jsonschema.Schema {
	figure := &jsonschema.Schema{}
	for _, f := range Figures() {
		figure.AnyOf = append(figure.AnyOf, described(&jsonschema.Schema{Const: f[0]}, f[1]))
	}
	figures := listOf(figure)
	figures.MinItems, figures.UniqueItems = size64(1), true
	return object(property{"figures", described(orNull(figures), "figures that are shown, in this order; by default every one that the data can support")})
}

func pruneSchema(value modifier) *jsonschema.Schema {
	rungs := listOf(bounded("integer", limit{min: 1, max: largest}))
	rungs.MinItems, rungs.UniqueItems = size64(1), true
	part := `\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`
	return object(
		property{"metric", described(value(enum(selections...)), "validation metric that cells compete by; by default that of select")},
		property{"rungs", described(value(rungs), "epochs after which cells are pruned, rising")},
		property{"keep", described(value(anyOf(
			bounded("number", limit{min: 0, above: true, max: 1, below: true}),
			&jsonschema.Schema{Type: "string", Pattern: "^" + part + "/" + part + "$"},
		)), "share of the cells that goes on, as in 1/3")},
	)
}
