package schema

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"nightshift/internal/study"
)

// mistake is a slip in one place of a study.
type mistake struct {
	name string
	make func(t *rapid.T, doc mapped)
}

func mistakes() []mistake {
	list := []mistake{
		{"unknown key", func(t *rapid.T, doc mapped) { rapid.SampledFrom(mappings(doc)).Draw(t, "where")["xyzzy"] = 3 }},
		{"unknown name", func(t *rapid.T, doc mapped) {
			path := rapid.SampledFrom([]string{"activation", "init", "optimizer", "schedule", "output", "loss", "precision",
				"reduction"}).Draw(t, "path")
			put(doc, path, "xyzzy")
		}},
		{"unknown name of a part", func(t *rapid.T, doc mapped) {
			doc[rapid.SampledFrom([]string{"select", "keep", "data"}).Draw(t, "part")] = "xyzzy"
		}},
		{"no name", func(_ *rapid.T, doc mapped) { delete(doc, "study") }},
		{"bad name", func(t *rapid.T, doc mapped) {
			doc["study"] = rapid.SampledFrom([]string{"A", "../x", "", "-a", "a b"}).Draw(t, "name")
		}},
		{"bad part", func(t *rapid.T, doc mapped) {
			part := rapid.SampledFrom(parts).Draw(t, "part")
			if part != "study" && part != "question" && part != "from" {
				doc[part] = rapid.SampledFrom([]any{true, -3, "many", []any{[]any{}}}).Draw(t, "value")
			} else {
				doc[part] = []any{}
			}
		}},
		{"bad seeds", func(t *rapid.T, doc mapped) {
			doc["seeds"] = rapid.SampledFrom([]any{0, -1, 1.5, []int{}, []int{1, 1}, []int{-1}, mapped{"date": 3},
				mapped{"data": 0}, nil, mapped{"min": 3, "max": 9}, mapped{"until": "decided"},
				mapped{"min": 2, "max": 9, "until": "decided"},
				mapped{"min": 3, "until": "decided"}, mapped{"init": 2, "nested": true}, mapped{"data": 2, "init": []int{1}, "nested": true},
				mapped{"data": 2, "min": 3, "max": 9, "until": "decided"}, mapped{"data": mapped{"min": 3, "max": 9}},
				mapped{"min": 3, "max": 9, "until": "done"}}).Draw(t, "seeds")
		}},
		{"bad axis", func(t *rapid.T, doc mapped) {
			doc["grid"] = mapped{"lr": rapid.SampledFrom([]any{[]any{}, 0.1, []any{0.1, 0.1}, []any{"x"}, []any{-1}, nil,
				mapped{},
				mapped{"from": 0.1}, mapped{"from": 0.1, "to": 1}, mapped{"from": 0.1, "to": 1, "n": 1}, mapped{"from": 0.1,
					"to": 1, "n": 3, "step": 1},
				mapped{"from": 0.1, "to": 1, "n": 3, "scale": "lgo"}, mapped{"from": 0, "to": 1, "n": 3,
					"scale": "log"}, mapped{"form": 0.1, "to": 1, "n": 3},
				mapped{"from": 0.1, "to": 1, "step": 0}, mapped{"a": mapped{"lr": 1},
					"b": 2}, mapped{" a": mapped{"lr": 1}}}).Draw(t, "axis")}
		}},
		{"bad distribution", func(t *rapid.T, doc mapped) {
			doc["sample"] = mapped{"n": 3}
			doc["grid"] = mapped{"l1": mapped{"uniform": []any{0, 1}},
				"lr": rapid.SampledFrom([]any{mapped{"uniform": []any{0.1}}, mapped{"uniform": 3}, mapped{"uniform": []any{1, 1}},
					mapped{"log_uniform": []any{0, 1}}, mapped{"uniform": []any{0,
						"x"}}, mapped{"choice": []any{0.1}}, mapped{"choice": []any{0.1, "x"}}, mapped{"normal": []any{0, 1}},
					mapped{"int_uniform": []any{0.5, 3}}, mapped{"uniform": []any{0.1, 0.2},
						"choice": []any{1, 2}}}).Draw(t, "distribution")}
		}},
		{"bad sample", func(t *rapid.T, doc mapped) {
			doc["grid"] = mapped{"lr": mapped{"uniform": []any{0.1, 1}}}
			doc["sample"] = rapid.SampledFrom([]any{mapped{}, mapped{"n": 0}, mapped{"n": 1.5}, mapped{"n": "x"},
				mapped{"n": 3, "seed": -1}, mapped{"n": 3, "method": "sobel"}, mapped{"n": 3, "size": 1}, 3}).Draw(t, "sample")
		}},
		{"bad rule", func(t *rapid.T, doc mapped) {
			doc["rules"] = []any{rapid.SampledFrom([]any{3, mapped{}, mapped{"when": mapped{}}, mapped{"set": mapped{}},
				mapped{"when": mapped{"lr": "x"}, "set": mapped{}},
				mapped{"when": mapped{"lr": mapped{"above": 1}}, "set": mapped{}}, mapped{"when": mapped{"loss": mapped{"lt": 1}},
					"set": mapped{}},
				mapped{"when": mapped{"activation": "tahn"}, "set": mapped{}}, mapped{"when": mapped{},
					"set": mapped{"lr": nil}}}).Draw(t, "rule")}
		}},
		{"bad exclude", func(t *rapid.T, doc mapped) {
			doc["exclude"] = []any{rapid.SampledFrom([]any{3, mapped{}, mapped{"lr": mapped{"gt": "a"}}, mapped{"batch": 0},
				mapped{"epochs": 1.5}}).Draw(t, "entry")}
		}},
		{"bad claim", func(t *rapid.T, doc mapped) {
			doc["expect"] = []any{rapid.SampledFrom([]any{3, "best test_error", "best test_eror < 1", "best test_error <= 1",
				"best test_error = 1", "best dead < 1", "test_error(lr < 1", "best test_error < 1 2"}).Draw(t, "claim")}
		}},
		{"bad word", func(t *rapid.T, doc mapped) {
			part := rapid.SampledFrom([]string{"budget", "report", "prune", "keep"}).Draw(t, "part")
			doc[part] = map[string]any{
				"budget": rapid.SampledFrom([]any{mapped{"wall": 8}, mapped{"wall": "8"}, mapped{"wall": "-8h"},
					mapped{"max_runs": 0}, mapped{"max_runs": "x"}}).Draw(t, "budget"),
				"report": rapid.SampledFrom([]any{mapped{"figures": []any{}}, mapped{"figures": []any{"curve"}},
					mapped{"figures": []any{"lr", "lr"}}, mapped{"figures": "lr"}}).Draw(t, "report"),
				"prune": rapid.SampledFrom([]any{mapped{}, mapped{"rungs": []any{}}, mapped{"rungs": []any{0}},
					mapped{"rungs": []any{1, 1}}, mapped{"rungs": 3}, mapped{"rungs": []any{2},
						"keep": 1}, mapped{"rungs": []any{2}, "keep": "third"},
					mapped{"rungs": []any{2}, "metric": "error"}}).Draw(t, "prune"),
				"keep": rapid.SampledFrom([]any{mapped{"weights": "all"}, mapped{"weights": mapped{"every": 0}},
					mapped{"weights": mapped{"each": 1}}, mapped{"weights": nil}}).Draw(t, "keep"),
			}[part]
		}},
		{"layers twice", func(_ *rapid.T, doc mapped) {
			doc["base"].(mapped)["hidden"], doc["base"].(mapped)["width"] = []int{3}, 3
		}},
	}
	for _, k := range study.Keys().All() {
		if k.Kind == study.Parameter || slices.Contains(axisKeys, k.Path) || k.Path == "early_stop.min_delta" {
			continue // something else decides it
		}
		list = append(list, mistake{"bad " + k.Path, func(t *rapid.T, doc mapped) { put(doc, k.Path, drawWrong(t, k)) }})
	}
	return list
}

// put gives a key a value, instead of those that it may have.
func put(doc mapped, path string, value any) {
	delete(doc["grid"].(mapped), path)
	delete(doc["grid"].(mapped), "pair")
	if word, ok := strings.CutPrefix(path, "data."); ok {
		doc["data"].(mapped)[word] = value
		return
	}
	base := doc["base"].(mapped)
	switch path {
	case "width":
		delete(base, "hidden")
		delete(base, "depth") // without layers no width is wrong
	case "depth":
		delete(base, "hidden")
	case "hidden":
		delete(base, "width")
		delete(base, "depth")
	}
	delete(base, study.Root(path))
	base[path] = value
}

// drawWrong draws what is no value of the key.
func drawWrong(t *rapid.T, k *study.Key) any {
	wrong := []any{nil, []any{mapped{}}, mapped{"xyzzy": 1}}
	switch k.Kind {
	case study.Whole, study.Amount:
		wrong = append(wrong, "x", "1", true, 1.5, -1)
	case study.Real:
		wrong = append(wrong, "x", "1", true, k.Limit.Min-0.5)
		if l := k.Limit; l.Below {
			wrong = append(wrong, l.Max, l.Max+1)
		}
	case study.Text:
		if k.Options != nil || k.Enum != nil {
			wrong = append(wrong, "xyzzy", 3, "")
			if !slices.Contains(k.Enum, "true") {
				wrong = append(wrong, true)
			}
		}
	case study.Truth:
		wrong = append(wrong, "yes", 0, "true")
	case study.Columns:
		wrong = append(wrong, mapped{"a": 1}, []any{nil}, []any{[]any{"a"}})
	case study.Wholes, study.Reals:
		wrong = append(wrong, 3, "x", []any{"x"}, []any{0, 0, 0}, []any{-1, 1, 1}, []any{nil})
	case study.Choice:
		wrong = append(wrong, "xyzzy", 3, true, mapped{"name": "xyzzy"}, mapped{"name": 3}, mapped{"name": []any{}})
		for _, o := range k.Options {
			wrong = append(wrong, mapped{"name": o.Name, "xyzzy": 1})
			for _, p := range o.Params {
				wrong = append(wrong, mapped{"name": o.Name, p.Name: "x"}, mapped{"name": o.Name, p.Name: nil},
					mapped{"name": o.Name, p.Name: p.Min - 1}, mapped{"name": o.Name, p.Name: p.Max * 2})
			}
			if len(o.Params) == 0 {
				wrong = append(wrong, mapped{o.Name: 1})
			}
		}
	}
	return rapid.SampledFrom(wrong).Draw(t, "wrong")
}

// mappings are those of a study in which a key that does not exist is a mistake.
func mappings(doc mapped) []mapped {
	list := []mapped{doc, doc["data"].(mapped), doc["base"].(mapped), doc["budget"].(mapped), doc["keep"].(mapped),
		doc["grid"].(mapped)}
	rule := doc["rules"].([]any)[0].(mapped)
	list = append(list, rule, rule["set"].(mapped), rule["when"].(mapped)["lr"].(mapped))
	if seeds, ok := doc["seeds"].(mapped); ok {
		list = append(list, seeds)
	}
	if pair, ok := doc["grid"].(mapped)["pair"].(mapped); ok {
		list = append(list, pair["a"].(mapped))
	}
	if also, ok := doc["also"].([]any); ok {
		list = append(list, also[0].(mapped), also[0].(mapped)["grid"].(mapped))
	}
	return list
}
