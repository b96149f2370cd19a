package report

import (
	"context"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// results is everything of one study that figures are made from.
type results struct {
	*verdict.Results
	db       *store.DB
	cells    []*cell
	blocks   []*block
	axes     []string     // of all cells
	declared *study.Study // what the study file says; without claims where this version cannot read it
	nights   []store.Night
	warnings []string // about the study as a whole
}

func read(ctx context.Context, db *store.DB, name string) (*results, error) {
	all, err := verdict.Read(ctx, db, name)
	if err != nil {
		return nil, err
	}
	if err := all.ReadEpochs(ctx); err != nil {
		return nil, err
	}
	r := &results{Results: all, db: db, declared: &study.Study{}}
	if r.nights, err = db.Nights(ctx, name); err != nil {
		return nil, err
	}
	for _, c := range all.Cells {
		shown := &cell{Cell: c}
		if shown.tested, err = r.onTest(ctx, shown); err != nil {
			return nil, err
		}
		r.cells = append(r.cells, shown)
		for _, a := range c.Axes {
			if !slices.Contains(r.axes, a.Axis) {
				r.axes = append(r.axes, a.Axis)
			}
		}
	}
	r.blocks = blocks(r.cells)
	r.declare()
	return r, nil
}

// declare reads what the study file says of the report. A file that this
// version can no longer read still has its results shown.
func (r *results) declare() {
	s, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), r.Study.Set)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		r.warnings = append(r.warnings, "This version of nightshift cannot read the stored study file, so its expectations and "+
			"its choice of figures are not shown: "+first)
		return
	}
	r.declared = s
}
