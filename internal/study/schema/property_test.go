package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nightshift/internal/study"
	"nightshift/mlp"
)

// TestSchemaProperty: what the tables allow both the parser and the schema
// accept, and after one slip both refuse it.
func TestSchemaProperty(t *testing.T) {
	s := compileSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		doc := drawStudy(t)
		text := asJSON(t, doc)
		if _, err := study.Parse("s.yaml", text, nil); err != nil {
			t.Fatalf("%s\nthe parser refuses it: %v", text, err)
		}
		if err := s.check(text); err != nil {
			t.Fatalf("%s\nthe schema refuses it: %v", text, err)
		}
		slip := rapid.SampledFrom(mistakes()).Draw(t, "slip")
		slip.make(t, doc)
		text = asJSON(t, doc)
		if _, err := study.Parse("s.yaml", text, nil); err == nil {
			t.Fatalf("%s: %s\nthe parser accepts it", slip.name, text)
		}
		if err := s.check(text); err == nil {
			t.Fatalf("%s: %s\nthe schema accepts it", slip.name, text)
		}
	})
}

func asJSON(t *rapid.T, doc any) []byte {
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fields of a mapping of a study.
type mapped = map[string]any

// parts are those of a study.
var parts = studySchema(asIs, "").PropertyOrder

// axisKeys are keys of which every value makes a cell of its own.
var axisKeys = []string{"lr", "l2", "epochs", "activation", "init", "bias_init", "batch", "dropout.hidden", "precision"}

// drawStudy draws a study of cells that are possible together.
func drawStudy(t *rapid.T) mapped {
	base := mapped{"epochs": rapid.IntRange(0, 9).Draw(t, "epochs"), "lr": rapid.Float64Range(0, 3).Draw(t, "lr")}
	goal := rapid.SampledFrom([]mlp.Objective{{Output: "softmax", Loss: "ce"}, {Output: "sigmoid", Loss: "mse"},
		{Output: "sigmoid", Loss: "bce"}}).Draw(t, "goal")
	base["output"], base["loss"] = goal.Output, goal.Loss
	for _, k := range study.Keys().All() {
		switch {
		case k.Kind == study.Parameter,
			slices.Contains([]string{"output", "loss", "reduction", "width", "depth", "class_weights", "hidden"},
				k.Path), study.Root(k.Path) == "data":
		case rapid.Bool().Draw(t, "has "+k.Path):
			group, word, inside := strings.Cut(k.Path, ".")
			if nested, ok := base[group].(mapped); ok && inside {
				nested[word] = drawValue(t, k)
			} else if inside && base[group] == nil && rapid.Bool().Draw(t, "nested") {
				base[group] = mapped{word: drawValue(t, k)}
			} else {
				base[k.Path] = drawValue(t, k)
			}
		}
	}
	switch rapid.IntRange(0, 2).Draw(t, "layers") {
	case 0:
		base["hidden"] = rapid.SliceOfN(rapid.IntRange(1, 50), 0, 3).Draw(t, "hidden")
	case 1:
		base["width"], base["depth"] = rapid.IntRange(1, 50).Draw(t, "width"), rapid.IntRange(0, 3).Draw(t, "depth")
	}
	if rapid.Bool().Draw(t, "weighted") {
		base["class_weights"] = []float64{1, 2.5, rapid.Float64Range(0.1, 9).Draw(t, "weight")}
	}
	grid := mapped{}
	seeds := []any{3, []int{1, 7}, mapped{"data": 2, "init": []int{5}}, mapped{"data": 3, "init": 2, "nested": true},
		mapped{"min": 3, "max": 9, "until": "decided"},
		mapped{"data": mapped{"min": 3, "max": 4}, "init": 2, "nested": true, "until": "decided"}}
	if base["batch"] != "full" { // it has no order
		seeds = append(seeds, mapped{"order": 2}, mapped{"order": mapped{"min": 3, "max": 9}, "until": "decided"})
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(axisKeys), 0, 2, rapid.ID).Draw(t, "axes") {
		grid[name] = drawAxis(t, study.Keys().Find(name))
	}
	if rapid.Bool().Draw(t, "paired") {
		grid["pair"] = mapped{"a": mapped{"clip": 1}, "b+c": mapped{"clip": 2.5, "log": mapped{"every": 2}},
			"d": mapped{"clip": 3, "log.layers": false}}
	}
	doc := mapped{
		"study": rapid.StringMatching(strings.TrimSuffix(study.NamePattern, "{0,99}$")+"{0,9}$").
			Filter(func(name string) bool { return study.CheckName(name) == nil }).Draw(t, "name"),
		"data": mapped{"set": "blobs", "train": rapid.IntRange(1, 90).Draw(t, "train"),
			"scale": rapid.SampledFrom(study.Keys().Find("data.scale").Enum).Draw(t, "scale")},
		"base": base, "grid": grid,
		"seeds":  rapid.SampledFrom(seeds).Draw(t, "seeds"),
		"select": rapid.SampledFrom(study.Selections()).Draw(t, "select"),
		"budget": mapped{"max_runs": 100_000, "wall": rapid.SampledFrom([]string{"8h", "1h30m", "0.5s"}).Draw(t, "wall")},
		"keep": mapped{"weights": rapid.SampledFrom([]any{"none", "final", "best", "init+final", mapped{"every": 2}}).Draw(t,
			"keep")},
		"expect": []string{rapid.SampledFrom([]string{"best train_error < 0.5*best valid_error",
			"-.5 > 2 * best test_nll(epoch=0)", "best epochs = 9 within 1e-1"}).Draw(t, "claim")},
		"report": mapped{"figures": []string{"seeds", "curves"}},
		"rules": []any{mapped{"when": mapped{"lr": rapid.SampledFrom([]any{mapped{"ge": 0},
			mapped{"lt": 9, "not": []int{99}}}).Draw(t, "when")}, "set": mapped{"early_stop.min_delta": 0.5}}},
	}
	if rapid.Bool().Draw(t, "sampled") {
		grid["l1"] = rapid.SampledFrom([]mapped{{"uniform": []any{0, 1}}, {"log_uniform": []any{0.001, 1}},
			{"choice": []any{0, 0.5}}}).Draw(t, "distribution")
		doc["sample"] = mapped{"n": 4, "method": rapid.SampledFrom([]string{"random", "sobol", "lhs"}).Draw(t, "method")}
		delete(base, "l1")
	}
	if rapid.Bool().Draw(t, "also") {
		doc["also"] = []any{mapped{"data": mapped{"train": 99}, "grid": mapped{"lr": []float64{7, 8}}}}
		if growing, ok := doc["seeds"].(mapped); !ok || growing["until"] == nil {
			doc["also"].([]any)[0].(mapped)["seeds"] = 1
		}
	}
	return doc
}

// drawValue draws a value of a key in one of the ways to write it.
func drawValue(t *rapid.T, k *study.Key) any {
	l := k.Limit
	switch k.Kind {
	case study.Whole:
		if k.Path == "batch" && rapid.Bool().Draw(t, "full") {
			return "full"
		}
		return rapid.IntRange(int(l.Min)+1, int(l.Min)+40).Draw(t, k.Path)
	case study.Amount:
		return rapid.IntRange(int(l.Min)+1, int(l.Min)+40).Draw(t, k.Path)
	case study.Real:
		return rapid.Float64Range(l.Min, min(l.Max, l.Min+9)*0.99).Draw(t, k.Path)
	case study.Truth:
		return rapid.Bool().Draw(t, k.Path)
	case study.Text:
		return rapid.SampledFrom(k.Enum).Draw(t, k.Path)
	}
	o := rapid.SampledFrom(k.Options).Draw(t, k.Path)
	param := func(p mlp.Param) float64 { return rapid.Float64Range(p.Min, p.Max).Draw(t, p.Name) }
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		if len(o.Params) > 0 {
			return mapped{o.Name: param(o.Params[0])}
		}
	case 1:
		full := mapped{"name": o.Name}
		for _, p := range o.Params {
			if rapid.Bool().Draw(t, "has "+p.Name) {
				full[p.Name] = param(p)
			}
		}
		return full
	}
	return o.Name
}

func drawAxis(t *rapid.T, k *study.Key) any {
	if k.Kind == study.Real && rapid.Bool().Draw(t, "range") {
		return rapid.SampledFrom([]mapped{{"from": 0.1, "to": 0.9, "n": 3}, {"from": 0.1, "to": 0.8, "n": 4, "scale": "log"},
			{"from": 0, "to": 0.5, "step": 0.25}}).Draw(t, "range")
	}
	switch k.Kind {
	case study.Whole, study.Amount:
		return rapid.SampledFrom([]any{[]int{3, 5, 8}, mapped{"from": 2, "to": 8, "step": 3},
			mapped{"from": 8, "to": 32, "n": 3, "scale": "log"}}).Draw(t, "wholes")
	case study.Real:
		return []float64{0.25, 0.75}
	case study.Text:
		return k.Enum
	}
	var all []any
	for _, o := range k.Options {
		all = append(all, o.Name)
	}
	return all
}

// A paired axis may have the name of a key; its conditions are labels then.
func TestSchemaOfLabelsNamedLikeKeys(t *testing.T) {
	s := compileSchema(t)
	text := []byte("study: s\ndata: {set: blobs}\n" +
		"grid: {init: {small: {init: {normal: 0.1}}, large: {init: {normal: 1}}}, lr: [1, 2]}\nexclude: [{init: small, lr: 2}]\n")
	if _, err := study.Parse("s.yaml", text, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.check(text); err != nil {
		t.Error(err)
	}
}
