// Package report turns what the store holds of a study into figures, verdicts and a page.
//
// The life of a report: Write reads the study once (results.go), as package verdict groups its runs into cells (cell.go), and
// groups the cells into blocks that can be compared (block.go). Package verdict holds the claims of the study against the cells;
// the builders listed in figures.go turn a block into figure.Figure values, which package report/figure draws. The page
// shows it all.
//
//	report.go        Write: the order of things; output.go the files of figures
//	page.go          the HTML file, of page.html, page.css and the scripts page*.js; what stands on it:
//	  pagefigure.go    figures with their legends and files, and what else was found
//	  pagefilter.go    the axes by which a reader chooses; labels.go their long labels, shortened
//	  pageexplorer.go  what the explorer draws from
//	  verdictpage.go   claims with their verdicts; verdicttext.go their terms, verdictbar.go their intervals; verdictcsv.go as CSV
//	  undecided.go     what claims leave open, which no title says
//	  remaining.go     what is still to be trained
//	  table.go         the table of all cells
//	  provenance.go    counts, failures, and what made the results
//	pageindex.go     the page that leads to those of all studies
//	figures.go       the table of the kinds of figures; each has a file with its builder:
//	  plot.go (plotpanels.go its panels, plotseries.go their series, plotwords.go and shape.go what it says), heatmap.go, dots.go
//	  pairs.go, learningrates.go, curves.go, seeds.go, biasvariance.go (and decompose.go), capacity.go, dead.go
//	  of stored outputs: disagreement.go, confusion.go, failures.go (and pictures.go), calibration.go, fan.go
//	  of kept weights, which kept.go reads: hiddenunits.go, barrier.go, lossslices.go, landscape.go, trainingpath.go, regions.go
//	estimate.go      means of cells over their units, in numbers and words; units.go names the units
//	compare.go       the best on validation against the others, on test
//	warnings.go      what has to be known about a mean
//	series.go        cells as lines, dots and marks
//	measure.go       metrics as figures show them; selection.go what validation chooses
//	results.go       reading the store; block.go, cell.go its parts
//	format.go        counts and times in words; package number writes numbers
//
// A new kind of figure is a file with its builder and a line in figures.go; `go generate ./...` tells the study files of it.
//
// Nothing here looks at a clock or a random source: the same database gives the same bytes.
package report

import (
	"context"
	"fmt"
	"path/filepath"

	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
	"nightshift/report/networks"
)

// Summary says what Write has written.
type Summary struct {
	Path     string            // of the page
	Figures  []string          // names of the files beside it, without their endings
	Verdicts []verdict.Verdict // on the claims of the study
	Warnings []string          // of all the figures
	Changes  []string          // what of the database is not what was written, and left out
}

// Inputs say where a report finds what its database does not hold: figures of networks
// need the examples of their specs. The zero value finds data that the program makes, and
// keeps no results.
type Inputs struct {
	Files    *dataset.Files                     // where real data are looked for
	Cache    networks.Cache                     // of what took its time
	Progress func(what string, done, total int) // of what takes its time; may be nil
}

// Verdicts says what the claims of a study come to, and writes no page: its summary has the verdicts, and what of the database is
// not what was written.
func Verdicts(ctx context.Context, db *store.DB, study string, in Inputs) (Summary, error) {
	r, err := readCells(ctx, db, study, in)
	if err != nil {
		return Summary{}, fmt.Errorf("reading study %s: %w", study, err)
	}
	r.declare()
	verdicts, err := r.Verdicts(ctx, r.declared)
	return Summary{Verdicts: verdicts, Changes: r.Changes()}, err
}

func (in Inputs) source(db *store.DB) *networks.Source {
	if in.Files == nil {
		in.Files = dataset.NewFiles(nil)
	}
	s := networks.NewSource(db, in.Files)
	s.Cache, s.Progress = in.Cache, in.Progress
	return s
}

// Write writes the report of a study into a folder, which it makes where
// needed: index.html, each figure in the formats of the output, and its data as CSV, and
// expectations.csv where the study has any.
// Every file is replaced whole or not at all. Files of figures that an earlier report wrote and this one has no longer are
// removed, as far as nobody has changed them; others are left alone.
func Write(ctx context.Context, db *store.DB, study string, dir string, in Inputs, o Output) (Summary, error) {
	r, err := read(ctx, db, study, in)
	if err != nil {
		return Summary{}, fmt.Errorf("reading study %s: %w", study, err)
	}
	verdicts, err := r.judge(ctx)
	if err != nil {
		return Summary{}, err
	}
	figures, err := r.shown(ctx)
	if err != nil {
		return Summary{}, err
	}
	r.Forget()
	s, files := Summary{Path: filepath.Join(dir, "index.html"), Verdicts: verdicts}, written{}
	if len(verdicts) > 0 {
		claimed := verdictsCSV(verdicts)
		files["expectations.csv"] = checksum(claimed)
		if err := file.Replace(filepath.Join(dir, "expectations.csv"), claimed); err != nil {
			return Summary{}, err
		}
	}
	if err := o.draw(ctx, figures, dir); err != nil {
		return Summary{}, err
	}
	for _, f := range figures {
		for _, form := range f.Files {
			if form.Beside {
				files[form.Name] = form.sum
			}
		}
		s.Figures = append(s.Figures, f.Name)
		s.Warnings = append(s.Warnings, f.Warnings...)
	}
	page, err := r.page(ctx, verdicts, figures)
	if err != nil {
		return Summary{}, err
	}
	s.Changes = r.Changes()
	if err := file.Replace(s.Path, page); err != nil {
		return Summary{}, err
	}
	return s, files.removeStale(dir)
}
