package study

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/generated"
	"nightshift/internal/metric"
	"nightshift/internal/study/source"
	"nightshift/mlp"
)

var update = flag.Bool("update", false, "write what is generated: parts of docs/study-file.md and of testdata/every-key.yaml")

// TestDocs holds the tables of docs/study-file.md to the types and tables that
// they describe. After a change: go generate ./...
func TestDocs(t *testing.T) {
	const file = "../../docs/study-file.md"
	page := generated.Parts(t, file, map[string]string{
		"keys": documentedKeys(""), "data": documentedKeys("data."),
		"tables": documentedTables(), "objectives": documentedObjectives(), "keep": documentedPairs("weights", KeptWeights()),
		"measures": documentedMeasures(), "statistics": documentedStatistics(), "figures": documentedFigures(),
		"figure options": documentedFigureOptions(),
		"distributions":  documentedPairs("distribution", Distributions()), "methods": documentedPairs("method", SampleMethods()),
	}, *update)
	for _, k := range studyKeys {
		if !strings.Contains(page, "\n| `"+k+"` |") {
			t.Errorf("%s does not explain %s", file, k)
		}
	}
	for _, w := range slices.Concat(rangeKeys, operatorNames, selections, seedKeys) {
		if !strings.Contains(page, "`"+w+"`") && !strings.Contains(page, w+":") {
			t.Errorf("%s does not name %s", file, w)
		}
	}
}

// documentedFigures is the table of the kinds of figures.
func documentedFigures() string {
	text := header("figure", "measures", "options", "meaning")
	for _, k := range FigureKinds() {
		measures := ""
		switch {
		case k.Measures == 1:
			measures = "one"
		case k.Measures > 1:
			measures = fmt.Sprintf("up to %d", k.Measures)
		}
		var options []string
		for _, o := range k.Options {
			if slices.Contains(k.Needs, o) {
				o += ", needed"
			}
			options = append(options, strings.Replace("`"+o+"`", ", needed`", "` (needed)", 1))
		}
		text += row("`"+k.Name+"`", measures, strings.Join(options, ", "), k.Doc)
	}
	return text
}

func documentedFigureOptions() string {
	text := header("option", "meaning")
	for _, o := range FigureOptions() {
		text += row("`"+o.Name+"`", o.Doc)
	}
	return text
}

// row is a line of a table.
func row(cells ...string) string {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func header(cells ...string) string {
	return row(slices.Clone(cells)...) + row(slices.Repeat([]string{"---"}, len(cells))...)
}

// documentedKeys is the table of the keys below a prefix, or of all but data.
func documentedKeys(prefix string) string {
	kinds := map[Kind]string{
		Whole: "whole number", Real: "number", Text: "word", Truth: "true or false",
		Amount: "whole number or fraction", Wholes: "list of whole numbers", Reals: "list of numbers", Columns: "names", Choice: "name",
	}
	s := newState()
	var b strings.Builder
	b.WriteString(header("key", "type", "default", "meaning"))
	for _, k := range keys.list {
		if k.Kind == Parameter || prefix == "" && Root(k.Path) == "data" || !strings.HasPrefix(k.Path, prefix) {
			continue
		}
		v, _ := s.get(k)
		usual := "`" + label(&assignment{key: k, value: v}, -1) + "`"
		if k.Kind == Wholes || k.Kind == Reals {
			usual = fmt.Sprintf("`%v`", v)
		}
		if prefix == "data." {
			usual = cmp.Or(map[string]string{"data.set": "required", "data.path": "none", "data.label": "last column",
				"data.label_noise": "`0`"}[k.Path], "the set's")
		}
		kind := kinds[k.Kind]
		if k.Path == "batch" {
			kind += " or `full`"
		}
		b.WriteString(row("`"+strings.TrimPrefix(k.Path, prefix)+"`", kind, usual, k.Doc))
	}
	return b.String()
}

func documentedTables() string {
	var b strings.Builder
	for _, k := range keys.list {
		if k.Kind != Choice {
			continue
		}
		fmt.Fprintf(&b, "\n`%s`: %s.\n\n", k.Path, k.Doc)
		b.WriteString(header("name", "meaning", "parameters and their defaults"))
		for _, o := range k.Options {
			var params []string
			for _, p := range o.Params {
				params = append(params, fmt.Sprintf("`%s: %v` %s", p.Name, p.Default, p.Doc))
			}
			b.WriteString(row("`"+o.Name+"`", o.Doc, strings.Join(params, "; ")))
		}
	}
	return b.String() + "\n"
}

func documentedObjectives() string {
	var b strings.Builder
	b.WriteString(header("output", "loss", "meaning"))
	for _, o := range mlp.Objectives() {
		b.WriteString(row("`"+o.Output+"`", "`"+o.Loss+"`", o.Doc))
	}
	return b.String()
}

// documentedPairs is a table of names and what they mean.
func documentedPairs(what string, pairs [][2]string) string {
	var b strings.Builder
	b.WriteString(header(what, "meaning"))
	for _, p := range pairs {
		b.WriteString(row("`"+p[0]+"`", p[1]))
	}
	return b.String()
}

func documentedMeasures() string {
	var b strings.Builder
	b.WriteString(header("measure", "meaning", "takes"))
	for _, m := range metric.All() {
		var of []string
		for _, split := range metric.Splits() {
			of = append(of, "`"+m.Of(split)+"`")
		}
		b.WriteString(row(source.Join(of), m.Doc, "`epoch`"))
	}
	for _, m := range measures {
		if _, _, ofSplit := metric.Parse(m.Name); ofSplit {
			continue
		}
		takes := ""
		if m.Layered {
			takes = "`layer`, `epoch`"
		}
		b.WriteString(row("`"+m.Name+"`", m.Doc, takes))
	}
	return b.String()
}

func documentedStatistics() string {
	var b strings.Builder
	b.WriteString(header("statistic", "meaning"))
	for _, s := range statistics {
		b.WriteString(row("`"+s.Form+"`", s.Doc))
	}
	return b.String()
}

// TestDocsExamples parses the studies and fragments that the page shows.
func TestDocsExamples(t *testing.T) {
	b, err := os.ReadFile("../../docs/study-file.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(b), "```yaml\n")[1:]
	if len(blocks) < 6 {
		t.Fatalf("%d examples", len(blocks))
	}
	for i, text := range blocks {
		text, _, _ = strings.Cut(text, "```")
		var studies []string
		switch {
		case strings.HasPrefix(text, "study:"):
			studies = []string{text}
		case strings.HasPrefix(text, "optimizer:"): // one key a line
			for line := range strings.Lines(text) {
				studies = append(studies, "study: s\ndata: {set: blobs}\nbase:\n  "+line)
			}
		case strings.HasPrefix(text, "seeds:"):
			for line := range strings.Lines(text) {
				studies = append(studies, "study: s\ndata: {set: blobs}\nexpect: [test_error < 0.5]\n"+line)
			}
		case strings.Contains(text, "share("): // which takes more than one run
			studies = []string{claimStudy[:strings.Index(claimStudy, "  pair:")] + "seeds: {data: 40, init: 2, nested: true}\n" + text}
		default:
			grid := "grid: {lr: [0.01, 0.1, 10], width: [8, 32], pair: {sigmoid+mse: {output: sigmoid, loss: mse}, softmax+ce: " +
				"{}}}\n"
			if strings.HasPrefix(text, "grid:") {
				grid = ""
			}
			studies = []string{"study: s\ndata: {set: blobs}\n" + grid + text}
		}
		for _, s := range studies {
			if _, err := Parse("example.yaml", []byte(s), nil); err != nil {
				t.Errorf("example %d:\n%s%v", i+1, s, err)
			}
		}
	}
}
