package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"

	"nightshift/internal/file"
	"nightshift/internal/store"
)

// Night is what a live page says of the training, in words.
type Night struct {
	State      string // such as "Training."
	Counts     string // of the study's runs
	Left       string // time that is left
	Runs, Over int
	Running    []string // runs that are being trained
	Notes      []string // what else has to be known, such as how to go on
	Made       string   // of when the rest of the page is; "" where it stays so
}

// HTML is the part of the page that says it.
func (n Night) HTML() (string, error) {
	var b bytes.Buffer
	err := pageTemplate.ExecuteTemplate(&b, "night", n)
	return b.String(), err
}

// Live is a study as its live page begins: what it asks, and what its explorer draws curves of. The curves themselves come from
// Curves, piece by piece. It takes no time to speak of, whatever the study has measured.
type Live struct {
	Structure string   // another one: another explorer and filter
	Runs      []string // identities of the runs, in the order of the explorer
	ofCells   bool     // there are too many runs for lines of their own
	cells     []int    // of the runs
	page      pageData
	command   string
	labels    []string
	epochs    []int
}

// Command is the one that goes on with the study.
func (l *Live) Command() string { return l.command }

// Label names a run by its cell and its seeds.
func (l *Live) Label(run int) string { return l.labels[run] }

// Epochs is how many epochs a run is planned to have.
func (l *Live) Epochs(run int) int { return l.epochs[run] }

// ReadLive reads a study for its live page.
func ReadLive(ctx context.Context, db *store.DB, study string) (*Live, error) {
	r, err := readCells(ctx, db, study, Inputs{})
	if err != nil {
		return nil, fmt.Errorf("reading study %s: %w", study, err)
	}
	return r.liveOf(r.emptyPage())
}

// Sketch is the page before its figures and tables are made. Its version tells it from later ones.
func (l *Live) Sketch(n Night, version string) ([]byte, error) {
	d := l.page
	d.Live, d.Version = &n, version
	d.Facts = []string{"Figures, claims and tables are being made and appear here."}
	return d.render(liveScripts, liveRules)
}

// LivePage makes the whole page of a study while it is trained, with what Live reads. Nothing on it is concluded before its
// time: claims and figures speak of cells whose planned seeds are all in, and until then intervals are valid however often one
// looks at them. It writes no files.
func LivePage(ctx context.Context, db *store.DB, study string, in Inputs, n Night, version string) ([]byte, *Live,
	error) {
	r, err := readCells(ctx, db, study, in)
	if err != nil {
		return nil, nil, fmt.Errorf("reading study %s: %w", study, err)
	}
	r.live = true
	if err := r.readRest(ctx); err != nil {
		return nil, nil, fmt.Errorf("reading study %s: %w", study, err)
	}
	verdicts, err := r.judge(ctx)
	if err != nil {
		return nil, nil, err
	}
	figures, err := r.shown(ctx)
	if err != nil {
		return nil, nil, err
	}
	r.warnChanges()
	d := r.pageData(verdicts, figures)
	d.Remaining = slices.DeleteFunc(d.Remaining, func(l remaining) bool { return l.Title == leftTitle }) // which the night says
	if n.Made != "" {
		d.Facts[0] = n.Made
	}
	d.Live, d.Version = &n, version
	l, err := r.liveOf(d)
	if err != nil {
		return nil, nil, err
	}
	page, err := d.render(liveScripts, liveRules)
	return page, l, err
}

// A live page has one more script, right after the first, and hears from its server.
var liveScripts = slices.Insert(slices.Clone(scriptNames), 1, "pagelive.js")

const liveRules = "; connect-src 'self'"

// liveOf gives a page what its explorer begins with.
func (r *results) liveOf(d *pageData) (*Live, error) {
	c := r.exploredColumns(d.Axes)
	c.Grids, c.Grid, c.Measures = [][]int{}, []int{}, r.offered()
	packed, err := explored{Lines: map[string]string{}}.with(c)
	if err != nil {
		return nil, err
	}
	d.Explorer = template.JS(packed) // as page has it
	l := &Live{ofCells: c.OfCells, cells: c.Runs.Cell, command: "nightshift run " + file.ShellWord(r.Study.Study) + r.settings()}
	for _, one := range r.cells {
		for _, run := range one.Runs {
			l.Runs = append(l.Runs, run.ID)
			l.labels, l.epochs = append(l.labels, one.Label+", "+one.seedName(run)), append(l.epochs, one.Config.Epochs)
		}
	}
	structure, err := json.Marshal([]any{l.Runs, l.cells, c.Axes, c.Cells.Label})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(structure)
	l.Structure = base64.RawURLEncoding.EncodeToString(sum[:9])
	d.Structure, l.page = l.Structure, *d
	return l, nil
}

// offered are the measures that a live page lets choose: those that finished runs have, and while there are none, all that
// their data can give.
func (r *results) offered() []exploredMeasure {
	var some, all []exploredMeasure
	for _, x := range r.exploredMeasures() {
		s, m, _ := measureOf(x.Name)
		if slices.ContainsFunc(r.cells, func(c *cell) bool { values, _ := final(c.Finished(), s, m); return len(values) > 0 }) {
			some = append(some, x)
		}
		if s.name != valid.name || slices.ContainsFunc(r.cells, func(c *cell) bool { return c.Config.Data.Valid != 0 }) {
			all = append(all, x)
		}
	}
	if some != nil {
		return some
	}
	return all
}
