package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"nightshift/internal/store"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// drawnFigure is a figure with its image.
type drawnFigure struct {
	Figure
	png []byte
}

// Image is the figure inside the page.
func (f drawnFigure) Image() template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(f.png))
}

// pageData is what page.html shows.
type pageData struct {
	Policy     string
	Style      template.CSS
	Script     template.JS
	Study      string
	Question   string
	Claims     []claimShown
	Tally      string // the verdicts in numbers
	Facts      []string
	Doubts     []string
	Figures    []drawnFigure
	Tables     []table
	YAML       string
	Set        []string
	Failures   []string
	Provenance [][2]string
	Command    string
}

// page makes the HTML file: everything inside it, nothing fetched.
func (r *results) page(claims []Claim, drawn []drawnFigure) ([]byte, error) {
	d := pageData{
		// Nothing but this style, this script and images inside the page: no network, whatever a name contains.
		Policy: fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
			digest(pageStyle), digest(pageScript)),
		Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Study: r.study.Study, Question: r.study.Question, YAML: r.study.YAML, Set: r.study.Set,
		Claims: show(claims), Tally: tally(claims), Figures: drawn, Facts: r.facts(), Doubts: r.doubts, Failures: r.failures(), Provenance: r.provenance(),
		Command: "nightshift report " + shellWord(r.study.Study),
	}
	if d.Question == "" {
		d.Question = r.study.Study
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

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// facts sums the study up in words.
func (r *results) facts() []string {
	count := map[store.Status]int{}
	seconds := 0.0
	for _, one := range r.runs {
		count[one.Status]++
		seconds += one.Seconds
	}
	var parts []string
	for _, s := range []store.Status{store.Done, store.Diverged, store.Pruned, store.Failed, store.Interrupted, store.Running, store.Pending} {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	facts := []string{fmt.Sprintf("%s of %s: %s.", plural(len(r.runs), "run"), plural(len(r.cells), "cell"), strings.Join(parts, ", "))}
	if len(r.runs) == 0 {
		return []string{"The study has no runs yet."}
	}
	if seconds > 0 {
		facts = append(facts, fmt.Sprintf("Training took %s of one core.", duration(seconds)))
	}
	for _, b := range r.blocks {
		c := r.choose(b, b.cells)
		if c == nil {
			continue
		}
		m := b.quality()
		if d := c.describe(test, m); d.N > 0 && len(b.cells) > 1 {
			facts = append(facts, fmt.Sprintf("Best on validation%s: %s, with a test %s of %s (%s; %s).", b.title, c.label, m.name, m.quantity(d.Mean), interval(d.CI), plural(d.N, "run")))
		}
	}
	if count[store.Done] == 0 {
		facts = append(facts, "No run has finished with a result yet, so there is little to see.")
	}
	return facts
}

// failures lists why runs failed or diverged, each reason once.
func (r *results) failures() []string {
	var reasons []string
	count := map[string]int{}
	for _, one := range r.runs {
		if one.Reason == "" || one.Status != store.Failed && one.Status != store.Diverged {
			continue
		}
		reason := fmt.Sprintf("%s: %s", one.Status, one.Reason)
		if count[reason] == 0 {
			reasons = append(reasons, reason)
		}
		count[reason]++
	}
	for i, reason := range reasons {
		reasons[i] = fmt.Sprintf("%s (%s)", reason, plural(count[reason], "run"))
	}
	if len(reasons) > 12 {
		reasons = append(reasons[:12], fmt.Sprintf("and %d more reasons", len(reasons)-12))
	}
	return reasons
}

// provenance says what made the results; each line lists the different values.
func (r *results) provenance() [][2]string {
	var lines [][2]string
	add := func(name string, of func(store.Run) string) {
		var values []string
		for _, one := range r.runs {
			if one.Finished.IsZero() {
				continue
			}
			if v := of(one.Run); v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			lines = append(lines, [2]string{name, strings.Join(values, "; ")})
		}
	}
	add("version", func(s store.Run) string { return s.Version })
	add("commit", func(s store.Run) string {
		if s.Dirty && s.Commit != "" {
			return s.Commit + " with changes that are not committed"
		}
		return s.Commit
	})
	add("kernel", func(s store.Run) string { return s.Kernel })
	add("Go", func(s store.Run) string { return s.Go })
	add("system", func(s store.Run) string { return s.OS })
	add("CPU", func(s store.Run) string { return s.CPU })
	add("host", func(s store.Run) string { return s.Host })
	var first, last time.Time
	for _, one := range r.runs {
		if !one.Started.IsZero() && (first.IsZero() || one.Started.Before(first)) {
			first = one.Started
		}
		if one.Finished.After(last) {
			last = one.Finished
		}
	}
	if !first.IsZero() {
		lines = append(lines, [2]string{"first run started", first.UTC().Format(time.RFC3339)})
	}
	if !last.IsZero() {
		lines = append(lines, [2]string{"last run finished", last.UTC().Format(time.RFC3339)})
	}
	return lines
}

func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(time.Second / 10).String()
	}
	return d.Round(time.Second).String()
}

// shellWord quotes a name for the command line where it needs that.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
