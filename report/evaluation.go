package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// evaluation shows what ways to estimate a test error from one pool of examples come to,
// beside that on fresh examples, which they estimate.
func evaluation(_ context.Context, _ *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	m := b.quality()
	var resampled []*cell
	var truth *cell // on fresh examples: the most of those that are not resampled
	for _, c := range b.cells {
		switch e := c.estimate(test, m); {
		case e.N == 0 || c.Former:
		case c.Config.Data.Resample != "":
			resampled = append(resampled, c)
		case truth == nil || c.Config.Data.Test > truth.Config.Data.Test:
			truth = c
		}
	}
	if len(resampled) < 2 {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("evaluation"), Columns: 1, Title: "What estimates of the " + m.name +
		" from one pool come to" + b.title}
	f.Panels = []figure.Panel{b.evaluationPanel(resampled, truth, m)}
	if truth != nil && m.name == "error" {
		f.Panels = append(f.Panels, coveragePanels(resampled, truth.estimate(test, m).middle())...)
	}
	f.Statement = b.evaluated(resampled, truth, m)
	f.Key = evaluationKey(resampled, truth)
	if truth != nil && m.name == "error" {
		rate := truth.estimate(test, m).middle() / percent
		f.Statement += b.wilsonHeld(resampled, rate) + " " + binomialWords(resampled[0], rate)
		f.Key += " Below: how often the 95" + number.Space + "% interval of a rate that is counted on so many test examples holds " +
			"the true one, by the binomial distribution."
	}
	f.Alt = fmt.Sprintf("Dot plot of test %s for %s to estimate it. %s", m.name, number.Count(len(resampled), "way"), f.Statement)
	f.Warnings = b.warnings(resampled)
	return []figure.Figure{f}, nil
}

// evaluationKey says what is drawn, as far as there is any of it.
func evaluationKey(resampled []*cell, truth *cell) string {
	text := "Square and bar: mean and its 95" + number.Space + "% interval, corrected for the one pool that runs draw from " +
		"(Nadeau and Bengio)"
	bootstrap := slices.ContainsFunc(resampled, func(c *cell) bool { return c.Config.Data.Resample == "bootstrap" })
	if bootstrap {
		text += ", of a bootstrap as if its runs were independent"
	}
	if text += "; dots: single runs"; bootstrap {
		text += "; triangle: 0.368 of the training error and 0.632 of that on what a bootstrap left out"
	}
	if truth != nil {
		text += "; dashed: on fresh examples"
	}
	return text + "."
}

// evaluationPanel has a row for each way to estimate the error, and a line at that on fresh examples where there are any.
func (b *block) evaluationPanel(resampled []*cell, truth *cell, m measure) figure.Panel {
	p := figure.Panel{X: figure.Axis{Label: m.label("test"), Most: m.axis("").Most},
		Y: figure.Axis{Categories: make([]string, len(resampled))}}
	single := figure.Series{Label: "single runs", Along: true, Style: figure.Style{Colour: figure.Blue}}
	means := figure.Series{Label: "mean", Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	point632 := figure.Series{Label: ".632 estimate", Along: true, Style: figure.Style{Colour: figure.Green, Marker: figure.Triangle}}
	for i, c := range resampled {
		row := float64(len(resampled) - 1 - i)
		p.Y.Categories[int(row)] = b.where(c)
		values, of := final(c.Finished(), test, m)
		for k, v := range values {
			single.Repeats = append(single.Repeats, figure.Repeat{Name: c.seedName(of[k]), Points: []figure.XY{{X: v, Y: row - 0.2}}})
		}
		means.Means = append(means.Means, meanAt(row, c.estimate(test, m)).Means...)
		if v, ok := c.point632(m); ok {
			point632.Means = append(point632.Means, figure.Point{X: v, Y: row + 0.2, Interval: noInterval})
		}
	}
	p.Series = []figure.Series{single, means}
	if len(point632.Means) > 0 {
		p.Series = append(p.Series, point632)
	}
	if truth != nil {
		p.References = []figure.Reference{{At: truth.estimate(test, m).middle(), Upright: true}}
	}
	return p
}

// binomialWords say what test examples alone do to one network's error rate, and how often the usual intervals of a rate hold it.
func binomialWords(c *cell, rate float64) string {
	n := c.Config.Data.Test.Count()
	if n == 0 || !(rate > 0 && rate < 1) {
		return ""
	}
	return fmt.Sprintf("Of one network, %d test examples alone move an error of %s by an SD of %s points; the interval ± 1.96 "+
		"SD (Wald) would hold it in %.1f%s%% of cases, Wilson's in %.1f%s%%.", n, number.Plain(percent*rate)+number.Space+"%",
		number.Plain(percent*math.Sqrt(rate*(1-rate)/float64(n))),
		percent*stat.Coverage(n, rate, stat.Wald), number.Space, percent*stat.Coverage(n, rate, stat.Wilson), number.Space)
}

// point632 is Efron's .632 estimate of a cell that is trained on bootstrap samples.
func (c *cell) point632(m measure) (float64, bool) {
	on, out := c.estimate(train, m), c.estimate(test, m)
	if c.Config.Data.Resample != "bootstrap" || on.N == 0 || out.N == 0 {
		return math.NaN(), false
	}
	return stat.Point632(on.Mean, out.Mean), true
}

// evaluated says which interval holds the error on fresh examples.
func (b *block) evaluated(resampled []*cell, truth *cell, m measure) string {
	text := ""
	if truth != nil {
		text = fmt.Sprintf("On %d fresh examples networks of this kind have a test %s of %s. ", truth.Config.Data.Test.Count(), m.name,
			m.words(truth.estimate(test, m)))
	}
	for _, c := range resampled {
		e := c.estimate(test, m)
		text += fmt.Sprintf("%s: %s", sentence(b.where(c)), m.words(e))
		if truth != nil && e.CI.Known() {
			held := "holds"
			if !e.CI.Contains(truth.estimate(test, m).middle()) {
				held = "misses"
			}
			text += ", which " + held + " it"
		}
		if v, ok := c.point632(m); ok {
			text += "; the .632 estimate is " + m.quantity(v)
		}
		text += ". "
	}
	return text[:len(text)-1]
}
