package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/networks"
)

// results is everything of one study that figures are made from.
type results struct {
	*verdict.Results
	db       *store.DB
	networks *networks.Source
	cells    []*cell
	blocks   []*block          // of the cells that figures may be drawn of: on a live page, whose planned seeds are in
	ready    []*cell           // these cells
	live     bool              // the page is one of a training: nothing is concluded before its time
	axes     []string          // of all cells
	omitted  []string          // figures that are left out since nothing is to be seen in them, and why
	claimed  map[string]bool   // labels of the cells that claims name
	open     []verdict.Verdict // that are undecided; empty before judge
	declared *study.Study      // what the study file says; without claims where this version cannot read it
	nights   []store.Night
	remarks  map[string][]store.Remark // what people have put to runs, and to the study, which has no identity of a run
	warnings []string                  // about the study as a whole
	looked   string                    // how often its seeds were looked at; "" for once
	rank     map[*cell]int             // on validation, of cells that have a mean there; see choose
}

func read(ctx context.Context, db *store.DB, name string, in Inputs) (*results, error) {
	r, err := readCells(ctx, db, name, in)
	if err != nil {
		return nil, err
	}
	return r, r.readRest(ctx)
}

// readCells reads the runs of a study by cells, and nothing that takes long.
func readCells(ctx context.Context, db *store.DB, name string, in Inputs) (*results, error) {
	all, err := verdict.Read(ctx, db, name)
	if err != nil {
		return nil, err
	}
	all.Networks = in.source(db)
	r := &results{Results: all, db: db, networks: all.Networks, declared: &study.Study{}, remarks: map[string][]store.Remark{}}
	remarks, err := db.Remarks(ctx, name)
	if err != nil {
		return nil, err
	}
	for _, one := range remarks {
		r.remarks[one.Run] = append(r.remarks[one.Run], one)
	}
	for _, c := range all.Cells {
		r.cells = append(r.cells, &cell{Cell: c})
	}
	r.axes = axesOf(r.cells)
	for _, c := range r.cells {
		c.axes = r.axes
	}
	return r, nil
}

// readRest reads what figures are made from, and makes blocks of the cells.
func (r *results) readRest(ctx context.Context) (err error) {
	if r.nights, err = r.db.Nights(ctx, r.Study.Study); err != nil {
		return err
	}
	for _, c := range r.cells {
		if c.tested, err = r.onTest(ctx, c); err != nil {
			return err
		}
		if !r.live || c.Open() == 0 {
			r.ready = append(r.ready, c)
		}
	}
	if len(r.ready) > 0 { // of very many runs they are read for each figure
		if err := r.ReadFewEpochs(ctx); err != nil {
			return err
		}
	}
	if r.looked, err = r.LookedWords(ctx); err != nil {
		return err
	}
	r.declare()
	r.blocks = blocks(r.ready)
	r.warnFormer()
	r.warnShare()
	r.warnMixture()
	return nil
}

// remarkTexts are the tags and the notes, with their days, of a run or a study.
func remarkTexts(remarks []store.Remark) (tags, notes []string) {
	for _, one := range remarks {
		if one.Kind == store.Tag {
			tags = append(tags, one.Text)
		} else {
			notes = append(notes, one.At.UTC().Format(time.DateOnly)+": "+one.Text)
		}
	}
	return tags, notes
}

// declare reads what the study file says of the report. A file that this
// version can no longer read still has its results shown.
func (r *results) declare() {
	s, err := r.Given()
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		r.warnings = append(r.warnings, "This version of nightshift cannot read the stored study file, so its expectations and "+
			"its choice of figures are not shown: "+first)
		return
	}
	r.declared = s
	r.claimed = map[string]bool{}
	for _, e := range s.Expect {
		for _, t := range slices.Concat(e.Lhs.Terms, e.Rhs.Terms) {
			if t.Best || e.Everywhere { // which may be any of many
				continue
			}
			for _, c := range s.Matching(t) {
				r.claimed[c.Label] = true
			}
		}
	}
}

// warnFormer says which cells no claim speaks of.
func (r *results) warnFormer() {
	runs, cells := 0, 0
	for _, c := range r.cells {
		if c.Former {
			runs, cells = runs+len(c.Runs), cells+1
		}
	}
	if cells > 0 {
		r.warnings = append(r.warnings, fmt.Sprintf("%s of %s are from versions of the study before the newest one, which does not "+
			"have these cells: figures and tables show them, claims do not speak of them.", number.Count(runs, "run"),
			number.Count(cells, "cell")))
	}
}

// warnShare says where the database has not all runs that the study plans.
func (r *results) warnShare() {
	if members, planned := r.Share(); members < planned {
		of := "plans"
		if s, _ := r.Given(); s.Until != nil {
			of = "begins with"
		}
		r.warnings = append(r.warnings, fmt.Sprintf("The database has %d of the %d runs that the file of the study %s, and all that "+
			"is said here is of these. The others are in the databases of other shares, which nightshift merge brings together, or were "+
			"left out (--set) or taken out (nightshift rm); then nightshift run trains them.", members, planned, of))
	}
}

// warnChanges says what of the database is not what was written, which stands nowhere on the page.
func (r *results) warnChanges() {
	for _, what := range r.Changes() {
		r.warnings = append(r.warnings, "Damage in the database: "+what+". It is left out here; nightshift fsck says what can be done.")
	}
}

// warnMixture says where results were made by more than one kernel.
func (r *results) warnMixture() {
	count := map[string]int{}
	for _, one := range r.Runs {
		if one.Status == store.Done || one.Status == store.Diverged {
			count[one.Kernel]++
		}
	}
	if len(count) < 2 {
		return
	}
	var parts []string
	for _, kernel := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%s of %s", number.Count(count[kernel], "run"), kernel))
	}
	r.warnings = append(r.warnings, "Results are of different kernels, whose last bits may differ: "+strings.Join(parts, ", ")+".")
}
