package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/verdict"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page*.js
var pageScripts embed.FS

// pageTemplate is the page, with the parts that it shares with the index of studies.
var pageTemplate = template.Must(template.New("page").Parse(pageText))

// scriptNames are the scripts of the page in the order in which they run: each uses what those before it define.
var scriptNames = []string{"page.js", "pagefigures.js", "pagetable.js", "pagefilter.js", "pagefiles.js", "pageexplorer.js"}

// scripts reads scripts.
func scripts(names []string) ([]template.JS, error) {
	var all []template.JS
	for _, name := range names {
		text, err := pageScripts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, template.JS(text))
	}
	return all, nil
}

// pageData is what page.html shows.
type pageData struct {
	Policy     string
	Style      template.CSS
	Scripts    []template.JS
	Study      string
	Question   string
	Whole      string   // the question, where it is too long for a title
	Tags       []string // what people have put to the study
	Notes      []string
	Claims     claims
	Remaining  []remaining
	Facts      []string
	Data       []string // warnings about the data
	Warnings   []string // about the study as a whole
	Axes       []filterAxis
	Figures    []shownFigure
	Groups     []figureGroup // what else was found
	Tables     []table
	Explorer   template.JS // its data
	YAML       string
	Set        []string
	Failures   []string
	Provenance [][2]string
	Nights     [][2]string
	Command    string
	Live       *Night // on a live page
	Structure  string // on a live page, what its explorer and filter are of
	Version    string // of a live page
}

// page makes the HTML file: everything inside it, nothing fetched.
func (r *results) page(ctx context.Context, verdicts []verdict.Verdict, shown []shownFigure) ([]byte, error) {
	data, err := r.exploration(ctx, r.filterAxes())
	if err != nil {
		return nil, err
	}
	r.warnChanges()
	d := r.pageData(verdicts, shown)
	d.Explorer = template.JS(data) // JSON in which <, > and & are escaped
	return d.render(scriptNames, "")
}

// pageData is all that the page shows, but for what its explorer draws from.
func (r *results) pageData(verdicts []verdict.Verdict, shown []shownFigure) *pageData {
	d := r.emptyPage()
	d.Claims, d.Remaining, d.Facts, d.Data, d.Warnings = showClaims(verdicts), r.remaining(), r.facts(), r.dataWarnings(), r.warnings
	d.Failures, d.Provenance, d.Nights = r.failures(), r.provenance(), nightLines(r.nights)
	d.Figures, d.Groups = grouped(shown)
	for _, b := range blocks(r.cells) {
		d.Tables = append(d.Tables, r.table(b, d.Axes))
	}
	return d
}

// emptyPage is a page of what the study itself says.
func (r *results) emptyPage() *pageData {
	d := &pageData{Study: r.Study.Study, Question: r.Study.Question, YAML: r.Study.YAML, Set: r.Study.Set, Axes: r.filterAxes(),
		Command: "nightshift report " + file.ShellWord(r.Study.Study)}
	d.Tags, d.Notes = remarkTexts(r.remarks[""])
	if d.Question == "" {
		d.Question = r.Study.Study
	}
	if short := headingOf(d.Question); short != d.Question {
		d.Question, d.Whole = short, d.Question
	}
	return d
}

// longestTitle is how many letters of a question stand above the answer, so that both are on the first screen.
const longestTitle = 300

// headingOf is a question as a title: of a very long one the beginning, up to the end of a word.
func headingOf(question string) string {
	letters := []rune(question)
	if len(letters) <= longestTitle {
		return question
	}
	short := string(letters[:longestTitle])
	if at := strings.LastIndex(short, " "); at > 0 {
		short = short[:at]
	}
	return short + " …"
}

// render fills in the page, with some of the scripts and further rules of its policy.
func (d *pageData) render(names []string, rules string) ([]byte, error) {
	var err error
	if d.Scripts, err = scripts(names); err != nil {
		return nil, err
	}
	style := pageStyle + studyInMargin(d.Study)
	d.Style, d.Policy = template.CSS(style), policy(style, d.Scripts)+rules
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, d); err != nil {
		return nil, fmt.Errorf("making the page: %w", err)
	}
	return isolated(b.Bytes()), nil
}

// studyInMargin puts the name of the study at the foot of each printed sheet.
func studyInMargin(name string) string {
	quoted := ""
	for _, c := range name {
		quoted += fmt.Sprintf(`\%06x`, c) // whatever it is, a character of the name
	}
	return fmt.Sprintf("@page { @bottom-left { content: \"%s\"; font: 9px sans-serif; } }\n", quoted)
}

// policy allows nothing but a style, some scripts and images inside the page: no network, whatever a name contains.
func policy(style string, scripts []template.JS) string {
	text := fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src", sourceHash(style))
	for _, s := range scripts {
		text += fmt.Sprintf(" '%s'", sourceHash(string(s)))
	}
	if len(scripts) == 0 {
		text += " 'none'"
	}
	return text + "; base-uri 'none'; form-action 'none'"
}

// sourceHash is how the policy names a style or a script that may be used.
func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
