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

// TestProbeOfHugeNetworks: a network of which one step would take many probes is not timed, so that plan answers at once.
func TestProbeOfHugeNetworks(t *testing.T) {
	huge := study.Config{Data: dataset.Spec{Set: "blobs"}, Config: mlp.Default()}
	huge.Hidden = []int{10_000_000}
	job := Job{Run: &study.Run{Cell: "huge", Config: huge}, Shape: mlp.Shape{In: 2, Out: 3, Train: 100, Test: 100, Nonzero: 1}}
	for _, free := range []int64{0, 1 << 40} {
		if timings, err := Probe(t.Context(), []Job{job}, free); err != nil || len(timings) > 0 {
			t.Errorf("with %d bytes free: %+v, %v", free, timings, err)
		}
	}
}
