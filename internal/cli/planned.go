package cli

import (
	"context"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

// planned is what plan says of one study.
type planned struct {
	Study      string          `json:"study"`
	Question   string          `json:"question,omitempty"`
	Axes       []plannedAxis   `json:"axes"`
	Cells      int             `json:"cells"`
	Runs       int             `json:"runs"`       // that the study wants, by now
	Present    int             `json:"present"`    // done, diverged or pruned for good: not trained again
	Reused     map[string]int  `json:"reused"`     // of them, by the other study that they were trained for
	Backfilled int             `json:"again"`      // done or diverged, but without weights that are to be kept
	Reopened   int             `json:"reopened"`   // pruned, but competing anew or wanted to their end
	Extended   extended        `json:"extended"`   // to be trained, with finished runs that have fewer epochs
	Parameters [2]int          `json:"parameters"` // fewest and most
	Examples   plannedExamples `json:"examples"`
	Prune      *plannedPrune   `json:"prune,omitempty"`
	Until      *plannedUntil   `json:"until,omitempty"`
	Claims     []plannedClaim  `json:"claims,omitempty"`
	TooLarge   *tooLarge       `json:"too_large,omitempty"` // runs that will not be trained here
	Warnings   []string        `json:"warnings,omitempty"`  // of its data and figures
	Forecast   forecast        `json:"forecast"`
	List       []plannedRun    `json:"list,omitempty"`
}

// plannedPrune is what pruning means for the whole study.
type plannedPrune struct {
	Metric  string `json:"metric"`
	Rungs   []int  `json:"rungs"`
	Cells   []int  `json:"cells"`          // left before the first rung, and after each
	Epochs  int    `json:"epochs"`         // of all runs
	Trained int    `json:"epochs_trained"` // of them, as expected
}

// plannedUntil is what seeds until claims are decided mean for a study.
type plannedUntil struct {
	Min      int          `json:"min"` // rounds of seeds that every cell gets
	Max      int          `json:"max"` // that no cell gets more of
	Most     int          `json:"runs_at_most"`
	Claims   night.Claims `json:"claims"`
	Forecast forecast     `json:"forecast_at_most"`
}

type plannedAxis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type plannedRun struct {
	ID         string            `json:"id"`
	Label      string            `json:"label"`
	Axes       []study.AxisValue `json:"-"`
	Seeds      study.Seeds       `json:"seeds"`
	Parameters int               `json:"parameters"`
	Status     store.Status      `json:"status"`
	From       string            `json:"from,omitempty"` // the other study that it was trained for
	Seconds    float64           `json:"forecast_seconds"`
}

// origins names the studies that each run of a database (nil for none) belongs
// to, the one trained last first.
func origins(ctx context.Context, db *store.DB, plan []runner.Study) (map[string][]string, error) {
	all := map[string][]string{}
	if db == nil {
		return all, nil
	}
	studies, err := db.Studies(ctx)
	if err != nil {
		return nil, err
	}
	if len(studies) == 1 && len(plan) == 1 && studies[0].Study == plan[0].Name {
		return all, nil // no run is of another
	}
	for _, s := range studies {
		members, err := db.StudyRuns(ctx, s.Study)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			all[m.RunID] = append(all[m.RunID], m.Study)
		}
	}
	return all, nil
}

// from names the other study that a run was trained for, given those that it
// belongs to; "" if it is this one's own.
func from(studies []string, name string) string {
	if len(studies) > 0 && !slices.Contains(studies, name) {
		return studies[len(studies)-1]
	}
	return ""
}
