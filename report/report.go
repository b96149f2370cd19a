// Package report turns what the store holds of a study into figures and a page.
//
// Data go one way: results.go reads the store and groups runs into cells, the
// builders listed in figures.go turn cells into Figures, draw.go and its
// neighbours draw those, and page.go puts everything into one HTML file. A new
// figure is a file with its builder and a line in figures.go.
//
// Nothing here looks at a clock or a random source: the same database gives the
// same bytes.
package report

import (
	"context"
	"fmt"
	"path/filepath"

	"nightshift/internal/file"
	"nightshift/internal/store"
)

// Summary says what Write has written.
type Summary struct {
	Path     string   // of the page
	Figures  []string // names of the PNG files beside it
	Claims   []Claim  // the study's expectations with their verdicts
	Warnings []string // of all the figures
}

// Write writes the report of a study into a folder, which it makes where
// needed: index.html, each figure as PNG, as SVG, and its data as CSV, and
// expectations.csv where the study has any.
// Every file is replaced whole or not at all; other files are left alone.
func Write(ctx context.Context, db *store.DB, study string, dir string) (Summary, error) {
	r, err := read(ctx, db, study)
	if err != nil {
		return Summary{}, fmt.Errorf("reading study %s: %w", study, err)
	}
	claims, err := r.judge(ctx, r.expect)
	if err != nil {
		return Summary{}, err
	}
	built, err := r.build(ctx)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Path: filepath.Join(dir, "index.html"), Claims: claims}
	if len(claims) > 0 {
		if err := file.Replace(filepath.Join(dir, "expectations.csv"), claimsCSV(claims)); err != nil {
			return Summary{}, err
		}
	}
	var drawn []drawnFigure
	for _, f := range built {
		if err := ctx.Err(); err != nil {
			return Summary{}, err
		}
		png, err := f.PNG()
		if err != nil {
			return Summary{}, err
		}
		svg, err := f.SVG()
		if err != nil {
			return Summary{}, err
		}
		for _, form := range []struct {
			ending  string
			content []byte
		}{{".png", png}, {".svg", svg}, {".csv", f.CSV()}} {
			if err := file.Replace(filepath.Join(dir, f.Name+form.ending), form.content); err != nil {
				return Summary{}, err
			}
		}
		s.Figures = append(s.Figures, f.Name+".png")
		s.Warnings = append(s.Warnings, f.Warnings...)
		drawn = append(drawn, drawnFigure{f, png})
	}
	page, err := r.page(claims, drawn)
	if err != nil {
		return Summary{}, err
	}
	return s, file.Replace(s.Path, page)
}
