package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"nightshift/internal/verdict"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// pageData is what page.html shows.
type pageData struct {
	Policy     string
	Style      template.CSS
	Script     template.JS
	Study      string
	Question   string
	Claims     claims
	Remaining  []remaining
	Facts      []string
	Data       []string // warnings about the data
	Warnings   []string // about the study as a whole
	Figures    []shownFigure
	Tables     []table
	YAML       string
	Set        []string
	Failures   []string
	Provenance [][2]string
	Command    string
}

// page makes the HTML file: everything inside it, nothing fetched.
func (r *results) page(verdicts []verdict.Verdict, shown []shownFigure) ([]byte, error) {
	d := pageData{
		// Nothing but this style, this script and images inside the page: no network, whatever a name contains.
		Policy: fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; "+
			"base-uri 'none'; form-action 'none'",
			sourceHash(pageStyle), sourceHash(pageScript)),
		Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Study: r.Study.Study, Question: r.Study.Question, YAML: r.Study.YAML, Set: r.Study.Set,
		Claims: showClaims(verdicts), Remaining: r.remaining(),
		Facts: r.facts(), Data: r.dataWarnings(), Warnings: r.warnings, Figures: shown,
		Failures: r.failures(), Provenance: r.provenance(), Command: "nightshift report " + shellWord(r.Study.Study),
	}
	if d.Question == "" {
		d.Question = r.Study.Study
	}
	for _, b := range r.blocks {
		d.Tables = append(d.Tables, r.table(b))
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, d); err != nil {
		return nil, fmt.Errorf("making the page: %w", err)
	}
	return b.Bytes(), nil
}

// sourceHash is how the policy names a style or a script that may be used.
func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
