package report

import (
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// mostCounted is the largest test set of which coverage is drawn: it takes a sum over all counts at each rate.
const mostCounted = 20_000

// coveragePanels have a panel, of how often Wald's and Wilson's intervals hold a true error rate, for the smallest and the
// largest test set of some cells, and mark the rate (in percent) that is true here. There is none without test sets of a fixed
// size.
func coveragePanels(cells []*cell, truth float64) []figure.Panel {
	var sizes []int
	for _, c := range cells {
		if n := c.Config.Data.Test.Count(); n > 0 && n <= mostCounted && c.Config.Data.Resample != "bootstrap" {
			sizes = append(sizes, n)
		}
	}
	if len(sizes) == 0 {
		return nil
	}
	slices.Sort(sizes)
	p := figure.Panel{Title: "How often the interval of a rate holds the true one",
		X: figure.Axis{Label: "true error (%)", Log: true},
		Y: figure.Axis{Label: "coverage (%)", Most: percent}, References: []figure.Reference{
			{At: 95, Label: "95" + number.Space + "%"}, {At: truth, Upright: true}}}
	for i, n := range slices.Compact([]int{sizes[0], sizes[len(sizes)-1]}) {
		for k, way := range []struct {
			name string
			of   func(k, n int) stat.Interval
		}{{"Wald", stat.Wald}, {"Wilson", stat.Wilson}} {
			s := figure.Series{Label: fmt.Sprintf("%s, %d examples", way.name, n), Line: true,
				Style: figure.Style{Colour: k, Dash: i, Marker: figure.NoMarker}}
			for _, rate := range trueRates() {
				covered := percent * stat.Coverage(n, rate, way.of)
				s.Means = append(s.Means, figure.Point{X: percent * rate, Y: covered, Interval: noInterval})
			}
			p.Series = append(p.Series, s)
		}
	}
	return []figure.Panel{p}
}

// trueRates are the error rates of which coverage is drawn, from 0.5 to 50 %.
func trueRates() (all []float64) {
	for k := 5; k <= 500; k++ {
		if k <= 100 || k%5 == 0 {
			all = append(all, float64(k)/1000)
		}
	}
	return all
}

// wilsonHeld says how many runs of each way have a test error whose interval, over their test examples alone, holds the true
// rate.
func (b *block) wilsonHeld(cells []*cell, rate float64) string {
	text := ""
	for _, c := range cells {
		n := c.Config.Data.Test.Count()
		if n == 0 || c.Config.Data.Resample == "bootstrap" { // whose test sets are what the sample leaves out
			continue
		}
		values, _ := final(c.Finished(), test, measures["error"])
		held := 0
		for _, v := range values {
			if stat.Wilson(int(v/percent*float64(n)+0.5), n).Contains(rate) {
				held++
			}
		}
		if len(values) > 0 {
			text += fmt.Sprintf(", %d of %d (%s)", held, len(values), b.where(c))
		}
	}
	if text == "" {
		return ""
	}
	return " Wilson's interval of a single run holds it in" + text[1:] + "."
}
