package study_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// library reads studies from a map of paths, and of names without .yaml.
type library map[string]string

func (l library) read(name string) ([]byte, error) {
	text, ok := l[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return []byte(text), nil
}

func (l library) load(t *testing.T, file string, set ...string) *study.Study {
	t.Helper()
	s, err := study.Load(file, []byte(l[file]), set, l.read)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, l[file])
	}
	return s
}

// TestFrom compares a study over another with the same written by hand.
func TestFrom(t *testing.T) {
	const other = `
study: other
question: Which?
data: {set: blobs, train: 40, noise: 0.5}
base:
  width: 20
  depth: 2
  optimizer: {name: adam, beta2: 0.99}
  early_stop: {patience: 3, metric: error}
  dropout: 0.5
grid:
  lr: {from: 0.1, to: 1, n: 4}
  pair: {a: {loss: ce}, b: {loss: mse}}
seeds: 3
exclude: [{lr: 1}]
budget: {max_runs: 100, wall: 8h}
keep: {weights: final}
`
	for name, c := range map[string]struct{ over, want string }{
		"nothing": {"", other},
		"keys": {"data: {train: 50}\nbase: {epochs: 3, dropout.hidden: 0.1}", strings.NewReplacer(
			"train: 40", "train: 50", "dropout: 0.5", "dropout: 0.1\n  epochs: 3").Replace(other)},
		"another data set": {"data: {set: moons}",
			strings.Replace(other, "set: blobs, train: 40, noise: 0.5", "set: moons", 1)},
		"the data set in base": {"base: {data.set: moons}",
			strings.Replace(other, "set: blobs, train: 40, noise: 0.5", "set: moons", 1)},
		"data in base": {"base: {data: {noise: 3}}", strings.Replace(other, "noise: 0.5", "noise: 3", 1)},
		"hidden over width and depth": {"base: {hidden: [5, 6]}",
			strings.Replace(other, "width: 20\n  depth: 2", "hidden: [5, 6]", 1)},
		"a parameter": {"base: {optimizer: {beta2: 0.9}}", strings.Replace(other, "beta2: 0.99", "beta2: 0.9", 1)},
		"another choice": {"base: {optimizer: {name: sgd}}",
			strings.Replace(other, "name: adam, beta2: 0.99", "name: sgd", 1)},
		"another choice, short": {"base: {optimizer: sgd}", strings.Replace(other, "name: adam, beta2: 0.99", "name: sgd", 1)},
		"a group removed": {"base: {early_stop: null}",
			strings.Replace(other, "early_stop: {patience: 3, metric: error}", "", 1)},
		"an axis": {"grid: {lr: {from: 1, to: 3, step: 1}}",
			strings.Replace(other, "{from: 0.1, to: 1, n: 4}", "{from: 1, to: 3, step: 1}", 1)},
		"an axis removed": {"grid: {pair: null}", strings.Replace(other, "pair: {a: {loss: ce}, b: {loss: mse}}", "", 1)},
		"a further axis":  {"grid: {batch: [5, 10]}", strings.Replace(other, "seeds: 3", "  batch: [5, 10]\nseeds: 3", 1)},
		"a list":          {"exclude: [{pair: a}]", strings.Replace(other, "exclude: [{lr: 1}]", "exclude: [{pair: a}]", 1)},
		"a part removed":  {"exclude: null", strings.Replace(other, "exclude: [{lr: 1}]", "", 1)},
		"parts": {"budget: {wall: 1h}\nkeep: {weights: {every: 2}}\nseeds: [7]",
			strings.NewReplacer("8h", "1h", "weights: final", "weights: {every: 2}", "seeds: 3", "seeds: [7]").Replace(other)},
	} {
		files := library{"dir/s.yaml": "study: s\nfrom: other.yaml\n" + c.over + "\n", "dir/other.yaml": other}
		got := files.load(t, "dir/s.yaml")
		want := parse(t, strings.Replace(c.want, "study: other", "study: s", 1))
		yaml := got.YAML
		got.YAML, want.YAML = "", ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		again := parse(t, yaml)
		again.YAML = ""
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s: what is stored is another study:\n%s\n%s", name, yaml, diff)
		}
		if !strings.HasPrefix(yaml, "# Written out: \"dir/s.yaml\" from \"dir/other.yaml\"\nstudy: s\n") ||
			strings.Contains(yaml, "from:") && !strings.Contains(yaml, "lr: {from:") {
			t.Errorf("%s: stored as\n%s", name, yaml)
		}
	}
}

func TestFromChain(t *testing.T) {
	files := library{
		"a.yaml":       "study: a\nfrom: sub/b.yaml\nbase: {epochs: 3}\n",
		"sub/b.yaml":   "study: b\nfrom: c.yml\nbase: {epochs: 2, lr: 2}\n",
		"sub/c.yml":    "study: c\nfrom: shipped\nseeds: 5\n",
		"shipped":      "study: shipped\nfrom: another.yaml\nbase: {lr: 7, batch: 5}\n",
		"another":      "study: another\ndata: {set: blobs}\nquestion: Why?\n",
		"another.yaml": "no",
	}
	s := files.load(t, "a.yaml", "base.epochs=9")
	c := s.Cells[0].Config
	if s.Name != "a" || s.Question != "Why?" || c.Epochs != 9 || c.LR != 2 || c.Batch != 5 || len(s.Cells[0].Seeds) != 5 {
		t.Errorf("got %+v", s)
	}
	if !strings.Contains(s.YAML, "epochs: 3") {
		t.Errorf("an override was written into\n%s", s.YAML)
	}
}

func TestFromErrors(t *testing.T) {
	files := library{
		"good.yaml":   "study: good\ndata: {set: blobs}\nbase:\n  lr: 0.1\n  epochs: 3\n",
		"typo.yaml":   "study: typo\ndata: {set: blobs}\nbase:\n  lr: fast\n  epoch: 3\n",
		"broken.yaml": "study: [\n",
		"list.yaml":   "[study]\n",
		"loop.yaml":   "study: loop\nfrom: loop2.yaml\n",
		"loop2.yaml":  "study: loop2\nfrom: loop.yaml\n",
		"self.yaml":   "study: self\nfrom: ./self.yaml\n",
		"noread.yaml": "study: noread\ndata: {set: blobs}\nbase: {lr: 1}\n",
	}
	for i := range 12 {
		files[fmt.Sprintf("n%d.yaml", i)] = fmt.Sprintf("study: s\nfrom: n%d.yaml\n", i+1)
	}
	for text, want := range map[string]string{
		"study: s\nfrom: none.yaml\n":     `s.yaml:2:7: cannot read the study to begin from: none.yaml: file does not exist`,
		"study: s\nfrom: none\n":          `s.yaml:2:7: cannot read the study to begin from: none: file does not exist`,
		"study: s\nfrom: /etc/a.yaml\n":   `s.yaml:2:7: from is a file in the folder of this study or below it; found /etc/a.yaml`,
		"study: s\nfrom: ../good.yaml\n":  `s.yaml:2:7: from is a file in the folder of this study or below it; found ../good.yaml`,
		"study: s\nfrom: a/../../b.yml\n": `s.yaml:2:7: from is a file in the folder of this study or below it; found a/../../b.yml`,
		"study: s\nfrom: /etc/passwd\n":   `s.yaml:2:7: from is a file *.yaml or the name of a study that ships with nightshift; found the string "/etc/passwd"`,
		"study: s\nfrom: [good.yaml]\n":   `s.yaml:2:7: from is the file that the study begins from, as in other.yaml, or the name of a study that ships with nightshift; found a list`,
		"study: s\nfrom:\n":               `s.yaml:2:6: from is the file that the study begins from, as in other.yaml, or the name of a study that ships with nightshift; found nothing`,
		"study: s\nfrom: loop.yaml\n":     `loop2.yaml:2:7: from leads back to where it came from: s.yaml -> loop.yaml -> loop2.yaml -> loop.yaml`,
		"study: s\nfrom: self.yaml\n":     `self.yaml:2:7: from leads back to where it came from: s.yaml -> self.yaml -> self.yaml`,
		"study: s\nfrom: n0.yaml\n":       `n9.yaml:2:7: more than 10 studies begin from each other`,
		"from: good.yaml\n":               `s.yaml:1:1: the study has no name; begin with study: NAME`,
		"study: s\nfrom: broken.yaml\n":   `broken.yaml:2:1: this is not YAML: did not find expected node content`,
		"study: s\nfrom: list.yaml\n":     `list.yaml:1:1: a study is a mapping that begins with study: NAME; found a list`,
		"study: s\nfrom: typo.yaml\nbase: {lr: slow, width: x}\n": `s.yaml:3:12: lr is a number; found the string "slow"
s.yaml:3:25: width is a whole number; found the string "x"
typo.yaml:5:3: unknown key "epoch"; did you mean "epochs"?`,
		"study: s\nfrom: good.yaml\nbase: {batch: null}\n": `s.yaml:3:15: batch has no value; a whole number is meant`,
	} {
		_, err := study.Load("s.yaml", []byte(text), nil, files.read)
		var errs source.Errors
		if !errors.As(err, &errs) || err.Error() != want {
			t.Errorf("%q: got\n%v\nwant\n%s", text, err, want)
		}
	}
	_, err := study.Parse("s.yaml", []byte("study: s\nfrom: good.yaml\n"), nil)
	if want := "s.yaml:2:7: from names another study, and there is none to be read here"; fmt.Sprint(err) != want {
		t.Errorf("without a reader: %v", err)
	}
	_, err = study.Load("s.yaml", []byte("study: s\nfrom: good.yaml\n"), []string{"from=typo.yaml"}, files.read)
	if want := "--set from=typo.yaml: from is no override; it stands in the file"; fmt.Sprint(err) != want {
		t.Errorf("an override: %v", err)
	}
}
