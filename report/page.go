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
	"nightshift/report/figure"
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
	figure.Figure
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
	Left       []left
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
		Claims: show(claims), Tally: tally(claims), Figures: drawn, Left: r.left(), Facts: r.facts(), Doubts: r.doubts, Failures: r.failures(), Provenance: r.provenance(),
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
	return append(lines, nightLines(r.nights)...)
}

// duration words a time with two units at most.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	two := func(big, small time.Duration, format string) string {
		d := d.Round(small)
		if d%big == 0 {
			format, _, _ = strings.Cut(format, " %d ")
			return fmt.Sprintf(format, d/big)
		}
		return fmt.Sprintf(format, d/big, d%big/small)
	}
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < time.Minute-time.Second/20:
		return number(d.Round(time.Second/10).Seconds()) + " s"
	case d < 10*time.Minute-time.Second/2:
		return two(time.Minute, time.Second, "%d min %d s")
	case d < time.Hour-time.Minute/2:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	}
	return two(time.Hour, time.Minute, "%d h %d min")
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
