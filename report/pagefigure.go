package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"html/template"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/figure"
)

// shownFigure is a figure as the page shows it, with its vectors and its data, so that a page that was mailed has them.
type shownFigure struct {
	figure.Figure
	Files []figureFile
	Group string        // of what else was found; "" for what the study is about
	whole figure.Figure // with the labels of its data, which may be long
}

// figureGroup holds figures that the study does not name.
type figureGroup struct {
	Title   string
	Figures []shownFigure
}

// foldedKinds are the kinds of figures that a page has folded where its study names others, with the names of their groups.
var foldedKinds = []foldedKind{{"curves", "Curves"}, {"seeds", "Seeds"}, {"dead", "Layers"}}

type foldedKind struct{ kind, title string }

// shown are the figures of the study, and what else was found: where it names its figures, those that it does not name.
func (r *results) shown(ctx context.Context) ([]shownFigure, error) {
	all, err := r.build(ctx)
	if err != nil {
		return nil, err
	}
	group := make([]string, len(all))
	for _, f := range r.defaultFigures() {
		at := slices.IndexFunc(foldedKinds, func(k foldedKind) bool { return k.kind == f.Kind })
		named := slices.ContainsFunc(r.declared.Figures, func(d study.Figure) bool { return d.Kind == f.Kind })
		if at < 0 || named || r.declared.Figures == nil {
			continue
		}
		some, err := kindOf(f).ofAll(ctx, r, f)
		if err != nil {
			return nil, err
		}
		for range some {
			group = append(group, foldedKinds[at].title)
		}
		all = append(all, some...)
	}
	distinctNames(all)
	figures := make([]shownFigure, len(all))
	short := r.shortLabels()
	for i, f := range all {
		figures[i] = shownFigure{Figure: withShortLabels(f, short), Group: group[i], whole: f}
	}
	return figures, nil
}

// leveled is a figure with the level of its heading.
type leveled struct {
	shownFigure
	Level int
}

// At puts the figure below a heading of the level before.
func (f shownFigure) At(level int) leveled { return leveled{f, level} }

// grouped parts the figures of the study from what else was found.
func grouped(all []shownFigure) (own []shownFigure, other []figureGroup) {
	for _, f := range all {
		if f.Group == "" {
			own = append(own, f)
			continue
		}
		at := slices.IndexFunc(other, func(g figureGroup) bool { return g.Title == f.Group })
		if at < 0 {
			at = len(other)
			other = append(other, figureGroup{Title: f.Group})
		}
		other[at].Figures = append(other[at].Figures, f)
	}
	return own, other
}

// shownPanel is a panel of a figure inside the page.
type shownPanel struct {
	Title      string
	SVG, Phone template.HTML // one for a narrow screen where it takes another
}

// mostAtOnce is how long a statement may be before a page folds its end.
const mostAtOnce = 300

// Lead is what the page says of the figure at once: the whole statement, or of a long one its first sentences.
func (f shownFigure) Lead() string { return f.Statement[:f.folded()] }

// Rest is the end of a long statement.
func (f shownFigure) Rest() string { return strings.TrimSpace(f.Statement[f.folded():]) }

func (f shownFigure) folded() int {
	if len(f.Statement) < 2*mostAtOnce {
		return len(f.Statement)
	}
	end := strings.Index(f.Statement[mostAtOnce:], ". ")
	if end < 0 {
		return len(f.Statement)
	}
	return mostAtOnce + end + 1
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

// Samples are the series of the legend.
func (f shownFigure) Samples() []shownSample { return f.samples(true) }

// Signs are what the legend says of signs that are no series.
func (f shownFigure) Signs() []shownSample { return f.samples(false) }

func (f shownFigure) samples(series bool) []shownSample {
	var all []shownSample
	for _, s := range f.Legend() {
		if s.Series == series {
			all = append(all, shownSample{s.Label, template.HTML(s.SVG)})
		}
	}
	return all
}

// Beside names the files beside the page, the data last.
func (f shownFigure) Beside() string {
	var names []string
	for _, one := range f.Files {
		if one.Beside {
			names = append(names, one.Name)
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	data := len(names) - 1
	return strings.Join(names[:data], ", ") + " and the data, " + names[data]
}

// insideFile is a file inside the page.
type insideFile struct {
	Name string
	Link template.URL
}

// mostInside is how many compressed bytes of one file a page holds, so that it can be mailed whatever its study is.
const mostInside = 200_000

// Inside are the files that the page holds, compressed.
func (f shownFigure) Inside() []insideFile {
	var all []insideFile
	for _, one := range f.Files {
		if one.packed != nil {
			link := "data:application/gzip;base64," + base64.StdEncoding.EncodeToString(one.packed)
			all = append(all, insideFile{one.Name, template.URL(link)})
		}
	}
	return all
}

// packedInside is a file, compressed; nil where it is too large for the page.
func packedInside(content []byte) ([]byte, error) {
	b := small{most: mostInside}
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(content)
	if err = errors.Join(err, w.Close()); errors.Is(err, errLarge) {
		return nil, nil
	}
	return b.Bytes(), err
}

// small takes so many bytes, and no more.
type small struct {
	bytes.Buffer
	most int
}

var errLarge = errors.New("larger than is asked for")

func (s *small) Write(p []byte) (int, error) {
	if s.Len()+len(p) > s.most {
		return 0, errLarge
	}
	return s.Buffer.Write(p)
}
