package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/file"
	"nightshift/internal/number"
)

// forecast is a runner's for people and scripts.
type forecast struct {
	of cost.Forecast

	Runs   int       `json:"runs"`
	Wall   float64   `json:"seconds"`
	Low    float64   `json:"low"`
	High   float64   `json:"high"`
	OverAt time.Time `json:"over_at"`
	Memory int64     `json:"memory_bytes"`
	Growth int64     `json:"growth_bytes"`
	Basis  string    `json:"basis"`
}

func newForecast(f cost.Forecast, now time.Time) forecast {
	return forecast{f, f.Runs, f.Wall.Seconds(), f.Low.Seconds(), f.High.Seconds(), now.Add(f.Wall), f.Memory, f.Growth, f.Basis}
}

// printForecasts prints what is to be expected at least and at most, which is the
// same but for studies that go on until their claims are decided.
func (a *app) printForecasts(f, most forecast) {
	if most.Runs == 0 {
		return
	}
	least := ""
	if most.Runs > f.Runs {
		least = "at least "
	}
	fmt.Fprintf(a.out, "  %sabout %s\n", least, f)
	if most.Runs > f.Runs {
		fmt.Fprintf(a.out, "  at most about %s\n", most)
	}
	fmt.Fprintf(a.out, "  at most about %s of memory, %s more in the database\n", cost.Size(most.Memory), cost.Size(most.Growth))
	fmt.Fprintf(a.out, "  the times are from %s\n", most.Basis)
}

// String gives the time with its interval, of which no end that rounds to nothing is named.
func (f forecast) String() string {
	wall, low, high := number.Approx(f.of.Wall), number.Approx(f.of.Low), number.Approx(f.of.High)
	interval := fmt.Sprintf(" (%s to %s)", low, high)
	const nothing, least = "0s", "100ms"
	switch {
	case low == high, wall == nothing && high == least:
		interval = ""
	case low == nothing:
		interval = fmt.Sprintf(" (at most %s)", high)
	}
	if wall == nothing {
		wall = least + " or less"
	}
	return fmt.Sprintf("%s%s, over at %s, if started now", wall, interval, f.OverAt.Local().Format("15:04 on 2 January"))
}

// writePlan writes the list of runs as a CSV file: the values of every axis, the
// seeds, and what each would take from its start.
func (a *app) writePlan(path string, force bool, all []planned) error {
	var axes []string
	for _, p := range all {
		for _, axis := range p.Axes {
			if !slices.Contains(axes, axis.Name) {
				axes = append(axes, axis.Name)
			}
		}
	}
	return a.writeOut(path, force, false, func(to io.Writer) error { return planCSV(to, axes, all) })
}

// planCSV writes the header and a line for each run.
func planCSV(to io.Writer, axes []string, all []planned) error {
	w := csv.NewWriter(to)
	header := append([]string{"study", "run", "cell"}, axes...)
	w.Write(append(header, "seed_data", "seed_init", "seed_order", "parameters", "status", "forecast_seconds"))
	for _, p := range all {
		for _, r := range p.List {
			row := append([]string{p.Study, r.ID, file.NoFormula(r.Label)}, make([]string, len(axes))...)
			for _, v := range r.Axes {
				row[3+slices.Index(axes, v.Axis)] = file.NoFormula(v.Label)
			}
			for _, seed := range []uint64{r.Seeds.Data, r.Seeds.Init, r.Seeds.Order} {
				row = append(row, strconv.FormatUint(seed, 10))
			}
			w.Write(append(row, strconv.Itoa(r.Parameters), string(r.Status), strconv.FormatFloat(r.Seconds, 'g', 3, 64)))
		}
	}
	w.Flush()
	return w.Error()
}
