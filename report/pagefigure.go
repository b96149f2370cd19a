package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"html/template"

	"nightshift/report/figure"
)

// shownFigure is a figure as the page shows it, with its vectors and its data, so that a page that was mailed has them.
type shownFigure struct {
	figure.Figure
	Files []figureFile
}

// figureFile is one form of a figure.
type figureFile struct {
	Name    string
	content []byte
}

// shownPanel is a panel of a figure inside the page.
type shownPanel struct {
	Title      string
	SVG, Phone template.HTML // one for a narrow screen where it takes another
}

// shownSample is an entry of the legend of a figure.
type shownSample struct {
	Label string
	SVG   template.HTML
}

// Drawings are the panels as vectors.
func (f shownFigure) Drawings() []shownPanel {
	var all []shownPanel
	for _, p := range f.Inline() {
		all = append(all, shownPanel{p.Title, template.HTML(p.SVG), template.HTML(p.Phone)})
	}
	return all
}

// Samples is the legend.
func (f shownFigure) Samples() []shownSample {
	var all []shownSample
	for _, s := range f.Legend() {
		all = append(all, shownSample{s.Label, template.HTML(s.SVG)})
	}
	return all
}

// insideFile is a file inside the page.
type insideFile struct {
	Name string
	Link template.URL
}

// mostInside is how many compressed bytes of one file a page holds, so that it can be mailed whatever its study is.
const mostInside = 200_000

// Inside are the files that the page holds, compressed.
func (f shownFigure) Inside() ([]insideFile, error) {
	var all []insideFile
	for _, one := range f.Files {
		packed, err := one.packed()
		if err != nil {
			return nil, err
		}
		if len(packed) <= mostInside {
			link := "data:application/gzip;base64," + base64.StdEncoding.EncodeToString(packed)
			all = append(all, insideFile{one.Name, template.URL(link)})
		}
	}
	return all, nil
}

// packed is the file, compressed.
func (f figureFile) packed() ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(f.content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
