package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/study"
)

// asOf is how a study writes a figure of the kind, with the options that it cannot do without.
func asOf(k figureKind, measure string) string {
	text := "{" + k.name
	if k.measures > 0 {
		text += ": " + measure
	}
	for _, need := range k.must {
		text += ", " + need + ": " + map[string]string{"x": "width", "y": "lr"}[need]
	}
	return text + "}"
}

// refused parses a study that asks for a figure, and gives what is wrong with it.
func refused(t *testing.T, figure string) string {
	t.Helper()
	_, err := study.Parse("f.yaml", []byte("study: f\ndata: {set: glyphs}\nseeds: 3\ngrid: {width: [4, 8], lr: [0.1, 1]}\nreport: "+
		"{figures: ["+figure+"]}\n"), nil)
	if err == nil {
		return ""
	}
	return err.Error()
}

// Of every kind of figure, a name, an option, an axis, a value or a measure that does not exist is refused where it stands, with
// the nearest name; the kind as it should be is not.
func TestMistakesInFiguresOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, k := range figureKinds {
		right := asOf(k, "test_error")
		if err := refused(t, right); err != "" {
			t.Errorf("%s is refused: %s", right, err)
		}
		mistakes := map[string]string{ // what is to be said of a figure
			strings.Replace(right, k.name, k.name+"x", 1): `"` + k.name + `x"; did you mean "` + k.name + `"?`,
			strings.Replace(right, "}", ", titel: A}", 1): `"titel" of figure ` + k.name +
				"; did you mean \"title\"?",
			strings.Replace(right, "}", ", where: {widht: 4}}", 1):                 `"widht"; did you mean "width"?`,
			strings.Replace(right, "}", ", where: {width: 5}}", 1):                 `axis width has no "5"`,
			strings.Replace(right, "}", ", where: {width: 4, lr: [0.1, 0.7]}}", 1): `axis lr has no "0.7"`,
			strings.Replace(right, "}", ", where: width}", 1):                      "where is a mapping",
			strings.Replace(right, "}", ", title: }", 1):                           "title is a line of text",
		}
		if k.measures == 0 {
			mistakes[strings.Replace(right, k.name, k.name+": test_error", 1)] = "takes no measure"
		} else {
			mistakes[asOf(k, "test_eror")] = `did you mean "test_error"?`
			mistakes[asOf(k, "gradient")] = "is of a layer; say of which"
			mistakes[asOf(k, "test_error(width=4)")] = "the cells of a figure stand under where"
		}
		for _, o := range study.FigureOptions() {
			switch takes := slices.Contains(k.options, o.Name); {
			case o.Name == "where" || o.Name == "title":
			case !takes:
				mistakes[strings.Replace(right, "}", ", "+o.Name+": width}", 1)] = `"` + o.Name + `" of figure ` + k.name
			case o.Values == study.AxisName && slices.Contains(k.must, o.Name):
				mistakes[strings.Replace(right, o.Name+": ", o.Name+": wd", 1)] = `unknown axis "wd`
			case o.Values == study.AxisName:
				mistakes[strings.Replace(right, "}", ", "+o.Name+": widht}", 1)] = `"widht"; did you mean "width"?`
			case o.Values == study.LossName:
				mistakes[strings.Replace(right, "}", ", "+o.Name+": zero-won}", 1)] = `did you mean "zero-one"?`
			}
		}
		for figure, want := range mistakes {
			if said := refused(t, figure); !strings.Contains(said, want) || !strings.Contains(said, "f.yaml:5:") {
				t.Errorf("%s: it says %q, want %q", figure, said, want)
			}
		}
	}
}

// needless are the kinds that no study lacks: those that need no runs, and curves, which every run that has measured an epoch
// has.
var needless = []string{"curves", "activations", "gradcheck", "parameters", "data"}

// vain are studies of which a kind of figure makes nothing, and what plan says beforehand.
var vain = map[string]struct{ study, says string }{
	"plot":          {"data: {set: glyphs}\ngrid: {width: [4]}\n", "one value of width"},
	"heat":          {"data: {set: glyphs}\ngrid: {width: [4, 8], lr: [0.1]}\n", "one value of lr"},
	"dots":          {"data: {set: glyphs}\n", "it takes 2 cells"},
	"pairs":         {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "it takes an axis that sets outputs and losses"},
	"lr":            {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "it takes an axis lr with 2 values"},
	"seeds":         {"data: {set: glyphs}\nseeds: 1\n", "it takes two seeds"},
	"bias-variance": {"data: {set: glyphs}\ngrid: {width: [4, 8]}\nseeds: 3\n", "two data seeds"},
	"capacity":      {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "width or depth"},
	"dead":          {"data: {set: glyphs}\nbase: {log: {layers: false}}\n", "log.layers is false"},
	"leaderboard":   {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "it takes 4 cells"},
	"evaluation":    {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "resample"},
	"best-of-n":     {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "it takes 10 cells"},
	"units":         {"data: {set: glyphs}\nbase: {hidden: []}\nkeep: {weights: final}\n", "hidden units"},
	"disagreement":  {"data: {set: glyphs}\nseeds: 2\n", "three seeds"},
	"barrier":       {"data: {set: glyphs}\nseeds: 1\nkeep: {weights: final}\n", "two seeds"},
	"slices":        {"data: {set: glyphs}\n", "keep: {weights: final}"},
	"landscape":     {"data: {set: glyphs}\n", "keep: {weights: final}"},
	"path":          {"data: {set: glyphs}\nkeep: {weights: final}\n", "every: n"},
	"regions":       {"data: {set: glyphs}\nkeep: {weights: final}\n", "2 inputs"},
	"confusion":     {"data: {set: sine1d}\nbase: {output: identity, loss: mse}\n", "classes"},
	"failures":      {"data: {set: sine1d}\nbase: {output: identity, loss: mse}\n", "classes"},
	"calibration":   {"data: {set: sine1d}\nbase: {output: identity, loss: mse}\n", "classes"},
	"fan":           {"data: {set: glyphs}\n", "regression of one input"},
	"success":       {"data: {set: sine1d}\nbase: {output: identity, loss: mse}\ngrid: {width: [4, 8]}\n", "classes"},
	"importance":    {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "two axes"},
	"jargon":        {"data: {set: glyphs}\ngrid: {width: [1, 2, 4, 8]}\nseeds: 3\n", "two data seeds"},
	"parallel":      {"data: {set: glyphs}\ngrid: {width: [1, 2, 4, 8]}\n", "two axes"},
	"time":          {"data: {set: glyphs}\ngrid: {width: [4, 8]}\n", "it takes 3 cells"},
}

// What a figure of each kind will lack is said before the night with its place; and on the page, of a night that lacks
// everything, what it takes.
func TestFiguresOfEveryKindInVain(t *testing.T) {
	t.Parallel()
	for _, k := range figureKinds {
		v, ok := vain[k.name]
		if ok == slices.Contains(needless, k.name) {
			t.Errorf("%s is among both or none of the kinds that a study can lack and cannot", k.name)
		}
		if !ok {
			if s, err := study.Parse("f.yaml", []byte("study: f\ndata: {set: glyphs}\nseeds: 1\nreport: {figures: ["+k.name+"]}\n"),
				nil); err != nil || len(Lacking(s)) > 0 {
				t.Errorf("plan says of %s of the smallest study %q (%v)", k.name, Lacking(s), err)
			}
			continue
		}
		figure := k.name
		if k.measures > 0 {
			figure = asOf(k, "test_error")
		}
		text := "study: f\n" + v.study + "report: {figures: [" + figure + "]}\n"
		s, err := study.Parse("f.yaml", []byte(text), nil)
		if err != nil {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		if said := strings.Join(Lacking(s), " "); !strings.Contains(said, v.says) ||
			!strings.Contains(said, "the figure "+s.Figures[0].Text+" (") {
			t.Errorf("plan says of %s %q, want %q", k.name, said, v.says)
		}
		one := oneRun()
		for i := range one.results {
			one.results[i].Layers = nil
		}
		one.study.YAML = "study: " + one.study.Study + "\ndata: {set: glyphs}\nreport: {figures: [" + figure + "]}\n"
		want := fmt.Sprintf("The study asks for the figure %s, which its results do not support: it takes %s.",
			s.Figures[0].Text, k.needs)
		r := mustRead(t, one)
		if _, err := r.build(t.Context()); err != nil || !slices.Contains(r.warnings, want) {
			t.Errorf("the page says %q, not %q (%v)", r.warnings, want, err)
		}
	}
}
