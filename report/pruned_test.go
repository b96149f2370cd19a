package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/report/figure"
)

// halved is the night that every figure can be made of, with the runs of some
// cells pruned after their second measured epoch: all of a cell, and one of
// another.
func halved() *night {
	n := full()
	n.study.Study = "halved"
	for i := range n.members {
		n.members[i].Study = "halved"
	}
	for i, r := range n.results {
		all := strings.HasSuffix(r.Run.Label, "lr=0.01") || strings.HasSuffix(r.Run.Label, "width=32")
		one := r.Run.Label == "sigmoid+mse, lr=10" && r.Run.SeedInit == 1 ||
			r.Run.Label == "lr=0.01, width=16" && r.Run.SeedData == 1
		if all || one {
			last := r.Epochs[2]
			r.Run.Status, r.Run.Epochs, r.Epochs, r.Outputs = store.Pruned, last.Epoch, r.Epochs[:3], nil
			r.Run.Train, r.Run.Valid, r.Run.Test = last.Train, last.Valid, last.Test
			r.Layers = slices.DeleteFunc(r.Layers, func(l store.Layer) bool { return l.Epoch > last.Epoch })
			n.results[i] = r
		}
	}
	return n
}

// without is the same night as if its pruned runs had never been planned.
func (n *night) without(status store.Status) *night {
	gone := map[string]bool{}
	for _, r := range n.results {
		gone[r.Run.ID] = r.Run.Status == status
	}
	n.runs = slices.DeleteFunc(n.runs, func(r store.Run) bool { return gone[r.ID] })
	n.members = slices.DeleteFunc(n.members, func(m store.StudyRun) bool { return gone[m.RunID] })
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return gone[r.Run.ID] })
	return n
}

// Every figure names the pruned runs, and none of its means changes with them.
func TestPrunedRunsAreNamedAndNotAveraged(t *testing.T) {
	t.Parallel()
	with, without := mustRead(t, halved()), mustRead(t, halved().without(store.Pruned))
	means := func(kind figureKind, f figure.Figure) map[string]bool {
		all := map[string]bool{}
		for _, p := range f.Panels {
			for _, c := range p.Cells {
				if kind.name == "heat" && c.Ended != figure.Pruned { // others keep their place and value
					all[fmt.Sprintf("%s, %s: %.9g", p.X.Categories[int(c.X)], p.Y.Categories[int(c.Y)], c.Value)] = true
				}
			}
			for _, s := range p.Series {
				for _, m := range s.Means {
					y := fmt.Sprint(m.Y)
					if names := p.Y.Categories; names != nil {
						y = names[int(math.Round(m.Y))] // where rows are cells, their number depends on the other cells
					}
					all[fmt.Sprintf("%s: %.9g, %s, %.9g", s.Label, m.X, y, m.Interval)] = true
				}
			}
		}
		return all
	}
	for _, kind := range figureKinds {
		switch kind.name {
		case "activations", "gradcheck", "parameters":
			continue // they are of no runs
		case "importance", "parallel":
			continue // the one takes every combination of its axes, the axes of the other are those of the cells that are left
		}
		drawn, plain := buildAs(t, with, asked(with, kind)), buildAs(t, without, asked(with, kind))
		if len(drawn) != len(plain) {
			t.Errorf("%s: %d figures, without pruned runs %d", kind.name, len(drawn), len(plain))
		}
		for i, f := range drawn {
			if !slices.ContainsFunc(f.Warnings, func(w string) bool { return strings.Contains(w, "pruned after epoch") }) {
				t.Errorf("%s does not name its pruned runs: %q", f.Name, f.Warnings)
			}
			if got, want := means(kind, f), means(kind, plain[i]); kind.name != "heat" && !equalKeys(got, want) || !within(got, want) {
				t.Errorf("%s: means\n%v\nwithout pruned runs\n%v", f.Name, got, want)
			}
			checkWords(t, f)
			checkPanels(t, f)
		}
	}
}

func equalKeys(a, b map[string]bool) bool { return within(a, b) && len(a) == len(b) }

// within says whether b has all that a has, which is something.
func within(a, b map[string]bool) bool {
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return len(a) > 0
}

// The curves of pruned runs are drawn as far as they go and marked there.
func TestPrunedCurves(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, halved()), "curves"), "curves-error-glyphs")
	s := series(f, "lr=0.01", "softmax+ce, test")
	if len(s.Means) != 0 || len(s.Repeats) != 5 {
		t.Fatalf("%d means, %d runs", len(s.Means), len(s.Repeats))
	}
	for _, r := range s.Repeats {
		if r.Ended != figure.Pruned || len(r.Points) != 3 || r.Points[2].X != 2 {
			t.Errorf("run %+v", r)
		}
	}
	at := slices.IndexFunc(f.Panels, func(p figure.Panel) bool { return p.Title == "lr=0.01" })
	if m := f.Panels[at].Marks; len(m) != 2 || m[0].Ended != figure.Pruned || m[0].X != 2 || m[0].Label != "5 of 5 pruned" {
		t.Errorf("marks %+v", m)
	}
	said := slices.ContainsFunc(f.Legend(), func(e figure.Sample) bool { return e.Label == "pruned" })
	if !strings.Contains(string(f.CSV()), ",pruned run,") || !said {
		t.Error("neither the data nor the legend tell pruned runs")
	}
}

// The table gives pruned runs a column of their own.
func TestPrunedTable(t *testing.T) {
	t.Parallel()
	r := mustRead(t, halved())
	got := r.table(r.blocks[0], nil)
	isPruned := func(c column) bool { return c.Name == "pruned" }
	at := slices.IndexFunc(got.Columns, isPruned)
	if at < 0 {
		t.Fatal("no column")
	}
	want := map[string]string{"softmax+ce, lr=0.01": "5 after epoch 2", "sigmoid+mse, lr=10": "1 after epoch 2",
		"softmax+ce, lr=1": "–"}
	for _, one := range got.Rows {
		row := one.Entries
		if len(row) != len(got.Columns) {
			t.Fatalf("%d entries in %d columns", len(row), len(got.Columns))
		}
		if words, ok := want[row[0].Text]; ok && row[at].Text != words {
			t.Errorf("%s: %q", row[0].Text, row[at].Text)
		}
		if row[0].Text == "softmax+ce, lr=0.01" && (row[at+1].Text != "–" ||
			!strings.HasPrefix(row[at].Small, "valid error (%) ")) {
			t.Errorf("pruned cell: %q, means %q", row[at].Small, row[at+1].Text)
		}
	}
	plain := mustRead(t, full())
	if slices.ContainsFunc(plain.table(plain.blocks[0], nil).Columns, isPruned) {
		t.Error("a column of pruned runs where there are none")
	}
}

// A report shows the figures that the study asks for in their order, says why one of
// them is missing, and has folded what else was found.
func TestChosenFigures(t *testing.T) {
	t.Parallel()
	n := newNight("chosen", "")
	n.study.YAML = "study: chosen\ndata: {set: glyphs}\nreport: {figures: [seeds, bias-variance, curves]}\n"
	n.glyphs(3, 0.1, 1)
	s, page := write(t, n, t.TempDir())
	if want := []string{"seeds", "curves-error", "curves-loss", "dead"}; !slices.Equal(s.Figures, want) {
		t.Errorf("figures %q, want %q", s.Figures, want)
	}
	if !strings.Contains(page, "asks for the figure bias-variance, which its results do not support: it takes an axis width or "+
		"depth") {
		t.Error("the page does not say why a figure is missing")
	}
	other, fold := strings.Index(page, `<section id="else">`), strings.Index(page, "<summary>Layers (1)</summary>")
	if own, dead := strings.Index(page, `id="figure-curves-loss"`), strings.Index(page, `id="figure-dead"`); own > other ||
		other < 0 || fold < other || dead < fold || strings.Index(page, `id="cells"`) < dead {
		t.Errorf("what was asked for at %d, what else was found at %d, its fold at %d with its figure at %d", own, other, fold, dead)
	}
}

// Where there is no room for all panels, those with finished runs are shown, then
// those of the runs that were trained furthest.
func TestPanelsOfPrunedCells(t *testing.T) {
	t.Parallel()
	n := newNight("many", "")
	n.glyphs(1, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
	for i, r := range n.results {
		if r.Run.SeedInit != 0 || i%3 == 0 {
			continue
		}
		last := r.Epochs[1+i%2]
		n.results[i].Run.Status, n.results[i].Run.Epochs = store.Pruned, last.Epoch
	}
	b := mustRead(t, n).blocks[0]
	groups := b.groups(b.cells)
	kept := b.bestGroups(mustRead(t, n), groups, len(groups)-5)
	for _, g := range groups {
		c := g.cells[0]
		shown := slices.ContainsFunc(kept, func(k group) bool { return k.label == g.label })
		if done := len(c.Finished()) > 0; done && !shown {
			t.Errorf("%s, which is finished, is left out", g.label)
		} else if !done && shown != (c.furthest() > 1) {
			t.Errorf("%s, pruned after epoch %d: shown is %v", g.label, c.furthest(), shown)
		}
	}
}
