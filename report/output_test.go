package report

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nightshift/report/figure"
)

// What cannot be drawn is refused in words that say what can.
func TestParseOutput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formats []string
		width   string
		scale   float64
		want    string
	}{
		{[]string{"jpg"}, "", 0, `no format "jpg": figures are written as png, svg, pdf`},
		{nil, "85", 0, `width "85" is not a length: write 85mm`},
		{nil, "wide", 0, "not a length"},
		{nil, "NaNmm", 0, "50mm to 1000mm"},
		{nil, "3mm", 0, "50mm to 1000mm"},
		{nil, "-85mm", 0, "50mm to 1000mm"},
		{nil, "5in", 99, "0.25 to 8"},
		{nil, "", -1, "0.25 to 8"},
		{[]string{"pdf"}, "", 2, "leave out"},
	} {
		if _, err := ParseOutput(c.formats, c.width, c.scale); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
	o, err := ParseOutput([]string{" PDF", "png", "pdf"}, "25.4 cm", 2)
	if err != nil || strings.Join(o.formats, " ") != "pdf png" || o.size.Width != 720 || o.size.Scale != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err := ParseOutput(nil, "", 0); err != nil || strings.Join(o.formats, " ") != "png svg" || o.size != DefaultOutput().size {
		t.Errorf("%+v, %v", o, err)
	}
}

// Only what was asked for stands beside the page, which says so, and inside it are vectors and data all the same.
func TestFormatsOfAReport(t *testing.T) {
	t.Parallel()
	n, dir := oneSeed(), t.TempDir()
	o, err := ParseOutput([]string{"pdf"}, "85mm", 0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Write(t.Context(), n.save(t), n.study.Study, dir, Inputs{}, o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2*len(s.Figures)+2 || len(s.Figures) == 0 {
		t.Errorf("%d files of %d figures: %v", len(files), len(s.Figures), err)
	}
	page, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.Figures {
		pdf, err := os.ReadFile(filepath.Join(dir, name+".pdf"))
		if err != nil || !bytes.Contains(pdf, []byte("/MediaBox [0 0 240.945 ")) {
			t.Errorf("%s: %v, or not 85 mm wide", name, err)
		}
		for _, want := range []string{"Beside it: " + name + ".pdf and the data, " + name + ".csv.", name + ".svg.gz"} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("the page has no %q", want)
			}
		}
	}
}

// Every colour of a figure inside the page is one that the style sheet gives it.
func TestStyleSheetHasEveryColour(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range everyShade(t) {
		if !bytes.Contains(css, []byte("--"+name+": "+value+";")) {
			t.Errorf("no --%s: %s in the style sheet", name, value)
		}
	}
}

// everyShade draws a heat map of all colours, for the page and as a file, and gives the names of the page with the colours of
// the file.
func everyShade(t *testing.T) map[string]string {
	p := figure.Panel{X: figure.Axis{Label: "x"}, Y: figure.Axis{Label: "y"}, Colour: figure.Axis{Label: "value"}}
	for i := range 32 {
		p.Cells = append(p.Cells, figure.Cell{X: float64(i), Value: float64(i), Text: "1"})
	}
	f := figure.Figure{Columns: 1, Panels: []figure.Panel{p}}
	file, err := f.Draw("svg", figure.DefaultSize())
	if err != nil {
		t.Fatal(err)
	}
	cells := regexp.MustCompile(`<path fill="([^"]*)" d="M`)
	inside, outside := cells.FindAllStringSubmatch(f.Inline()[0].SVG, -1), cells.FindAllSubmatch(file, -1)
	if len(inside) != len(outside) || len(inside) < 64 {
		t.Fatalf("%d filled shapes in the page, %d in the file", len(inside), len(outside))
	}
	all := map[string]string{}
	for i, shape := range inside {
		name := strings.TrimSuffix(strings.TrimPrefix(shape[1], "var(--"), ")")
		all[name] = strings.ToLower(string(outside[i][1]))
	}
	if len(all) < 32 {
		t.Fatalf("%d colours", len(all))
	}
	return all
}

// A figure that a report no longer has goes with its files, in whatever format; what was changed since, and what no report
// wrote, stays.
func TestFilesOfFormerFigures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, content string) string {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return checksum([]byte(content))
	}
	put("mine.png", "mine")
	earlier := written{"lr.png": put("lr.png", "old"), "lr.pdf": put("lr.pdf", "old"), "seeds.csv": put("seeds.csv", "old"),
		"curves.pdf": put("curves.pdf", "old"), "curves.png": put("curves.png", "new"), "../x": ""}
	put("seeds.csv", "mended by hand")
	if err := earlier.removeStale(dir); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what another format has left is known the next time, too
		if err := (written{"curves.png": checksum([]byte("new"))}).removeStale(dir); err != nil {
			t.Fatal(err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*.*"))
	for i, path := range left {
		left[i] = filepath.Base(path)
	}
	if want := []string{".written.json", "curves.pdf", "curves.png", "mine.png", "seeds.csv"}; !slices.Equal(left, want) {
		t.Errorf("left are %q, want %q", left, want)
	}
	if of := readWritten(dir); len(of) != 2 || of["curves.pdf"] == "" {
		t.Errorf("known to be of reports: %v", of)
	}
}
