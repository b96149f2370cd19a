package runner

import (
	"log/slog"

	"nightshift/internal/store"
)

// logFinished writes the line of a run that has ended.
func logFinished(log *slog.Logger, e Event) {
	about := []any{
		"run", short(e.Run.ID), "label", e.Run.Label,
		"seed_data", e.Run.Seeds.Data, "seed_init", e.Run.Seeds.Init, "seed_order", e.Run.Seeds.Order,
		"status", e.Status, "epochs", e.Epochs, "seconds", e.Seconds,
	}
	if e.From > 0 {
		about = append(about, "from", e.From)
	}
	for i, split := range []string{"train_error", "valid_error", "test_error"} {
		if e.Errors[i].Valid {
			about = append(about, split, e.Errors[i].V)
		}
	}
	if e.Reason != "" {
		about = append(about, "reason", e.Reason)
	}
	if e.Status == store.Failed {
		log.Error("run", about...)
	} else {
		log.Info("run", about...)
	}
}

// short is as much of an identity as people are shown.
func short(id string) string { return id[:min(12, len(id))] }
