package schema

import (
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"nightshift/internal/study"
)

// claimPattern matches the claims that the parser can read. It checks neither
// that the cells of a claim exist nor what share, sd and trend are taken of.
func claimPattern() string {
	var whole, layered []string
	for _, m := range study.Measures() {
		if m.Layered {
			layered = append(layered, m.Name)
		} else {
			whole = append(whole, m.Name)
		}
	}
	ofMeasure := map[string]string{"share": `[\s\S]*[<>][\s\S]*`, "sd": `[\s\S]*\w[\s\S]*`, "trend": `[\s\S]*,[\s\S]*`}
	var statistics []string
	for _, s := range study.Statistics() {
		if inside, ok := ofMeasure[s.Name]; ok {
			statistics = append(statistics, s.Name+`\s*\(`+inside+`\)`)
		} else {
			whole = append(whole, s.Name)
		}
	}
	const number = study.NumberPattern
	measure := `(` + strings.Join(whole, "|") + `)\s*(\([\s\S]*\))?|(` + strings.Join(layered, "|") +
		`|sd)\s*\([\s\S]*layer\s*=[\s\S]*\)`
	term := `(` + number + `\s*\*\s*)?((best\s+)?(` + measure + `)|` + strings.Join(statistics, "|") + `)`
	summand := `(-?\s*(` + term + `|` + number + `))`
	sum := summand + `(\s*[+-]\s*` + summand + `)*`
	return `^\s*(everywhere\b)?\s*` + sum + `\s*([<>]\s*` + sum + `|=\s*` + sum + `\s*within\s*` + number +
		`(\s*because\s*("[^"]*"|'[^']*'))?|reproduces\s*` + number + `)\s*$`
}

func expectSchema() *jsonschema.Schema {
	return listOf(&jsonschema.Schema{
		Type:    "string",
		Pattern: claimPattern(),
		Description: "SUM < SUM, SUM > SUM, SUM = SUM within NUMBER, or TERM reproduces NUMBER, with everywhere before it; " +
			"a sum is of numbers and terms, with factors; a term is MEASURE(axis=value, epoch=N, layer=L), with best before it, " +
			"share(MEASURE < NUMBER), sd(MEASURE), trend(MEASURE, AXIS), or a statistic of outputs or kept weights: bias2, variance, " +
			"variance_data, variance_init, disagreement(axis=value), distance_between, barrier(axis=value, aligned)",
		Examples: []any{"test_error(lr=0.1) < test_error(lr=1)", "best test_error(width=32) < 0.5 * best test_error(width=8)",
			"train_loss(lr=0.1, epoch=0) = 2.3 within 0.1", "share(test_error(width=8) < 0.02) > 0.5",
			"trend(test_error(lr=0.1), width) < 0", "everywhere test_error(width=32) < test_error(width=8)",
			"test_error(lr=0.1) reproduces 0.0233", "barrier(aligned) < 0.5 * barrier()"},
	})
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
