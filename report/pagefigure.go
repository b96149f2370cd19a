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

// Link is the compressed file itself.
func (f figureFile) Link() (template.URL, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(f.content); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return template.URL("data:application/gzip;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
