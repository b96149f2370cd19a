package verdict

import (
	"strings"
	"testing"

	"nightshift/internal/study"
)

// TestCellNamed reads texts as people type them. The oracle is the study file: every spelling here is one that it takes for the
// value.
func TestCellNamed(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("named.yaml", []byte(`
study: named
data: {set: blobs, train: 60, test: 20}
base: {epochs: 1, batch: 16}
grid:
  way: {holdout 10 %: {l2: 0.1}, "a, b": {l2: 0.2}}
  lr: [0.1, 1e-5, 0.3]
  hidden: [[64], [64, 32]]
  optimizer: [sgd, {name: adam, beta2: 0.99}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &Results{}
	for _, c := range s.Cells {
		r.Cells = append(r.Cells, &Cell{Label: c.Label, Axes: c.Axes, Config: c.Config})
	}
	want := "holdout 10 %, lr=0.1, hidden=64-32, adam(beta2=0.99)"
	if c := r.Cells[2+1]; !strings.HasPrefix(c.Label, "holdout 10 %, lr=0.1, hidden=64-32, optimizer=adam") {
		t.Fatalf("the cells are other ones: %s", c.Label)
	}
	want = r.Cells[3].Label
	for _, text := range []string{
		want,
		"optimizer=adam(beta2=0.99), hidden=64-32, lr=0.1, holdout 10 %",
		"lr=1e-1 way=holdout 10 %  hidden=[64, 32] optimizer={name: adam, beta2: 0.99}",
		"learning_rate: 0.10; hidden: 64-32; optimizer: {name: adam, beta2: 9.9e-1}; holdout 10 %",
		"holdout 10 % 0.1 64-32 adam(beta2=0.99)",
		`way="holdout 10 %", lr = 0.1, hidden=64-32, adam(beta2=0.99), batch=16`,
		"learning rates=0.1, ways: holdout 10 %, hidden=64-32, optimizers=adam(beta2=0.99) batch sizes=16 batches=16",
	} {
		if c, err := r.CellNamed(text); err != nil || c.Label != want {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
	if c, err := r.CellNamed("a, b lr=0.00001 sgd hidden=[64]"); err != nil || c.Config.LR != 1e-5 {
		t.Errorf("a label with a comma: %v, %v", c, err)
	}
	for text, says := range map[string]string{
		"":                      `a label names its places, as in "holdout 10 %, lr=0.1`,
		"lr=0.1 sgd":            "name way, hidden too",
		"sgd learning rate=0.2": `none has lr=0.2; did you mean "`,
		"lr=0.2, sgd, way=a, b": `none has lr=0.2; did you mean "a, b, lr=0.3`,
		"lr=0.1 lr=0.3":         `none has all of that; did you mean "holdout 10 %, lr=0.1`,
		"holdout 10%":           `"holdout 10%" names no axis and no place of one; did you mean "holdout 10 %"`,
		"optimiser=sgd, l=1":    `"l=1" names no axis`,
		"hiden=[64]":            `did you mean "hidden"`,
		"batch=32 lr=0.1":       "none has batch=32",
		"lr={":                  `none has lr={`,
	} {
		if c, err := r.CellNamed(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v; want %s", text, c, err, says)
		}
	}
	if _, err := (&Results{}).CellNamed("lr=1"); err == nil {
		t.Error("a study without cells has one")
	}
}
