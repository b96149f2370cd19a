package study

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/study/source"
)

// claimStudy has cells and seeds enough for every form of claim.
const claimStudy = `study: s
data: {set: blobs}
base: {epochs: 10}
grid:
  lr: [0.1, 1, 10]
  width: [8, 16, 32]
  pair: {"a, b": {init: {normal: 0.1}}, "it's": {}}
keep: {weights: final}
seeds: {data: 40, init: 2, nested: true}
`

// pairStudy has runs whose pairs are all alike.
var pairStudy = strings.Replace(claimStudy, "{data: 40, init: 2, nested: true}", "40", 1)

// readClaim parses a claim about the cells of claimStudy, or of pairStudy.
func readClaim(text string) (*Study, error) {
	quoted, err := json.Marshal([]string{text})
	if err != nil {
		return nil, err
	}
	of := claimStudy
	if strings.Contains(text, "disagreement") || strings.Contains(text, "barrier") {
		of = pairStudy
	}
	return Parse("s.yaml", []byte(of+"expect: "+string(quoted)+"\n"), nil)
}

func TestClaims(t *testing.T) {
	at := func(places ...string) (where []Place) {
		for i := 0; i < len(places); i += 2 {
			where = append(where, Place{places[i], places[i+1]})
		}
		return where
	}
	errorAt := func(number float64, places ...string) Term {
		return Term{Number: number, Measure: "test_error", Epoch: -1, Where: at(places...)}
	}
	one := func(t Term) Expr { return Expr{Terms: []Term{t}} }
	cell := []string{"lr", "1", "width", "8", "pair", "a, b"}
	const here = `lr=1, width=8, pair="a, b"`
	of := func(stat, measure string, change func(*Term)) Expr {
		term := Term{Number: 1, Stat: stat, Measure: measure, Epoch: -1, Where: at(cell...)}
		if change != nil {
			change(&term)
		}
		return one(term)
	}
	for text, want := range map[string]Expectation{
		`test_error(` + here +
			`) - test_error(lr=10, width=8, pair="a, b") + 0.5 * test_error(lr=.1,width=8,pair="it's") - 0.25 < 1-2`: {
			Lhs: Expr{Constant: -0.25, Terms: []Term{errorAt(1, cell...), errorAt(-1, "lr", "10", "width", "8", "pair", "a, b"),
				errorAt(0.5, "lr", "0.1", "width", "8", "pair", "it's")}},
			Relation: "<", Rhs: Expr{Constant: -1},
		},
		`-test_error(` + here + `) > -0.2`: {Lhs: one(errorAt(-1, cell...)), Relation: ">", Rhs: Expr{Constant: -0.2}},
		`- 2*test_error(` + here + `) < - 0.2 --0.1`: {Lhs: one(errorAt(-2, cell...)), Relation: "<",
			Rhs: Expr{Constant: -0.2 + 0.1}},
		`share(test_error(` + here + `) < 0.02) > .9`: {Relation: ">", Rhs: Expr{Constant: 0.9},
			Lhs: of("share", "test_error", func(t *Term) { t.Relation, t.Bound = "<", 0.02 })},
		`0.5 > 2 * share ( best epochs > 5 )`: {Lhs: Expr{Constant: 0.5}, Relation: ">",
			Rhs: one(Term{Number: 2, Stat: "share", Measure: "epochs", Epoch: -1, Best: true, Relation: ">", Bound: 5})},
		`sd(test_error(` + here + `, epoch=3)) < 2 * sd(activation_sd(layer=1, ` + here + `))`: {Relation: "<",
			Lhs: of("sd", "test_error", func(t *Term) { t.Epoch = 3 }),
			Rhs: of("sd", "sd", func(t *Term) { t.Layer, t.Number = 1, 2 })},
		`sd(layer=1, ` + here + `) > activation_sd(layer=2, ` + here + `)`: {Relation: ">",
			Lhs: of("", "sd", func(t *Term) { t.Layer = 1 }), Rhs: of("", "sd", func(t *Term) { t.Layer = 2 })},
		`sd(sd( layer = 1, ` + here + `)) > 0.1`: {Relation: ">",
			Lhs: of("sd", "sd", func(t *Term) { t.Layer = 1 }), Rhs: Expr{Constant: 0.1}},
		`bias2(` + here + `) + variance(` + here + `) = 0.1 within 0.02`: {Relation: "=", Margin: 0.02, Rhs: Expr{Constant: 0.1},
			Lhs: Expr{Terms: slices.Concat(of("bias2", "", nil).Terms, of("variance", "", nil).Terms)}},
		`best variance_data() > variance_init(` + here + `)`: {Relation: ">",
			Lhs: one(Term{Number: 1, Stat: "variance_data", Epoch: -1, Best: true}), Rhs: of("variance_init", "", nil)},
		`trend(test_error(lr=1, pair="it's"), width) < 0`: {Relation: "<",
			Lhs: one(Term{Number: 1, Stat: "trend", Measure: "test_error", Epoch: -1, Where: at("lr", "1", "pair", "it's"),
				Axis: "width"})},
		`test_error(` + here + `) reproduces 0.0233`: {Lhs: one(errorAt(1, cell...)), Relation: "reproduces",
			Rhs: Expr{Constant: 0.0233}},
		`everywhere test_error(pair="a, b") < test_error(pair="it's")`: {Everywhere: true, Relation: "<",
			Lhs: one(errorAt(1, "pair", "a, b")), Rhs: one(errorAt(1, "pair", "it's"))},
		`test_error(` + here + `) = 0.9 within 0.3 because "ten 'classes', guessed"`: {Lhs: one(errorAt(1, cell...)),
			Relation: "=", Rhs: Expr{Constant: 0.9}, Margin: 0.3, Because: "ten 'classes', guessed"},
		`test_error(` + here + `) = 0 within 0.3`: {Lhs: one(errorAt(1, cell...)), Relation: "=", Margin: 0.3},
	} {
		s, err := readClaim(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		want.Text = text
		if diff := cmp.Diff(want, s.Expect[0]); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		checkClaim(t, s)
	}
}

// tester is what a test and a property have of each other.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkClaim holds the claim of a study to what it is printed as, and its
// instances, too.
func checkClaim(t tester, s *Study) {
	t.Helper()
	for _, want := range append(s.Instances(s.Expect[0]), s.Expect[0]) {
		read, err := readClaim(want.String())
		if err != nil {
			t.Errorf("printed of %s is %v, which is refused: %v", want.Text, want, err)
			continue
		}
		want.Text = read.Expect[0].Text
		if diff := cmp.Diff(want, read.Expect[0]); diff != "" {
			t.Errorf("printed is %v, which is another claim: %s", want, diff)
		}
	}
}

// TestInstances: everywhere is a claim at each place that both sides have, and at
// none where they would be the same.
func TestInstances(t *testing.T) {
	const grid = "study: s\ndata: {set: blobs}\ngrid: {lr: [0.1, 1], width: [8, 16], pair: {a: {init: {normal: 0.1}}, b: {}}}\n" +
		"exclude: [{lr: 1, width: 16, pair: b}]\nalso: [{grid: {lr: null, width: null, pair: {c: {epochs: 3}}}}]\nseeds: 6\n"
	for claim, want := range map[string][]string{
		"everywhere test_error(pair=a) < test_error(pair=b)": {
			"test_error(pair=a, lr=0.1, width=8) < test_error(pair=b, lr=0.1, width=8)",
			"test_error(pair=a, lr=0.1, width=16) < test_error(pair=b, lr=0.1, width=16)",
			"test_error(pair=a, lr=1, width=8) < test_error(pair=b, lr=1, width=8)",
		},
		"everywhere test_error(pair=c) > 2 * test_error(pair=b, width=8)": {
			"test_error(pair=c) > 2 * test_error(pair=b, width=8, lr=0.1)",
			"test_error(pair=c) > 2 * test_error(pair=b, width=8, lr=1)",
		},
		"everywhere test_error(pair=a, width=8, lr=1) < test_error(pair=a, width=8)": {
			"test_error(pair=a, width=8, lr=1) < test_error(pair=a, width=8, lr=0.1)",
		},
		"test_error(pair=c) < 0.3": {"test_error(pair=c) < 0.3"},
	} {
		s, err := Parse("s.yaml", []byte(grid+"expect: ['"+claim+"']\n"), nil)
		if err != nil {
			t.Errorf("%s: %v", claim, err)
			continue
		}
		var got []string
		for _, one := range s.Instances(s.Expect[0]) {
			got = append(got, one.Text)
			for _, term := range slices.Concat(one.Lhs.Terms, one.Rhs.Terms) {
				if cells := s.Matching(term); len(cells) != 1 {
					t.Errorf("%s: %d cells match %v", one.Text, len(cells), term)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", claim, diff)
		}
	}
}

// The cells of a trend come in the order of the numbers, not of the file.
func TestCellsAlongATrend(t *testing.T) {
	s, err := Parse("s.yaml", []byte("study: s\ndata: {set: blobs, train: 90}\ngrid: {batch: [full, 30, 4, 5]}\nseeds: 6\n"+
		"expect: ['trend(test_error, batch) < 0']\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.Matching(s.Expect[0].Lhs.Terms[0]) {
		got = append(got, c.label("batch"))
	}
	if want := "4, 5, 30, full"; source.Join(got) != want {
		t.Errorf("%q, want %s", got, want)
	}
}

// TestShareOfFewRuns: with n runs of n the lower end of Wilson's interval is
// n/(n+1.96²), which comes above 0.9 with 35 and above 0.95 with 73, and the mid-p value of the binomial distribution 0.5ⁿ, which comes below 0.05 with 5.
func TestShareOfFewRuns(t *testing.T) {
	for claim, least := range map[string]int{
		"share(test_error < 0.1) > 0.9": 35, "share(test_error < 0.1) > 0.95": 73, "0.1 > share(test_error < 0.1)": 35,
		"-2 * share(test_error < 0.1) > -0.1": 73, "share(test_error < 0.1) - 0.2 > 0.7": 35, "share(test_error > 0.1) < 0.9": 2,
		"share(test_error > 0.1) < 0.5": 5,
	} {
		for runs := max(1, least-1); runs <= least; runs++ {
			_, err := Parse("s.yaml", fmt.Appendf(nil, "study: s\ndata: {set: blobs}\nseeds: %d\nexpect: ['%s']\n", runs, claim), nil)
			if (err == nil) != (runs >= least) {
				t.Errorf("%s of %d runs: %v", claim, runs, err)
			}
		}
	}
}
