package cost

import (
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// TestProbe trains pieces of cells that nothing is known of.
func TestProbe(t *testing.T) {
	classes := study.Config{Data: dataset.Spec{Set: "xor"}, Config: mlp.Default()}
	regression, stopping := classes, classes
	regression.Data.Set, regression.Output, regression.Loss, regression.Precision = "sine1d", "identity", "mse", "float64"
	stopping.LR, stopping.EarlyStop.Patience, stopping.Batch = 1e9, 1, 0
	var jobs []Job
	for cell, c := range map[string]study.Config{"classes": classes, "regression": regression, "stopping": stopping} {
		shape := mlp.Shape{In: 2, Out: 2, Train: 200, Valid: 50, Test: 100, Nonzero: 1}
		jobs = append(jobs, Job{Run: &study.Run{Cell: cell, Config: c}, Shape: shape})
	}
	timings, err := Probe(t.Context(), jobs, 0)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]bool{}
	for _, p := range timings {
		cells[p.Cell] = true
		if p.Seconds <= 0 || p.Work[Steps] == 0 {
			t.Errorf("%+v", p)
		}
	}
	if len(cells) != 3 {
		t.Errorf("%d cells are timed", len(cells))
	}
}
