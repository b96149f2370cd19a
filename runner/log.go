package runner

import (
	"log/slog"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// logFinished writes the line of a run that has ended.
func logFinished(log *slog.Logger, e Event) {
	attrs := []any{
		"run", study.ShortID(e.Run.ID), "label", e.Run.Label,
		"seed_data", e.Run.Seeds.Data, "seed_init", e.Run.Seeds.Init, "seed_order", e.Run.Seeds.Order,
		"status", e.Status, "epochs", e.Epochs, "seconds", e.Seconds,
	}
	if e.From > 0 {
		attrs = append(attrs, "from", e.From)
	}
	for i, split := range []string{"train_error", "valid_error", "test_error"} {
		if e.Errors[i].Valid {
			attrs = append(attrs, split, e.Errors[i].V)
		}
	}
	if e.Reason != "" {
		attrs = append(attrs, "reason", e.Reason)
	}
	if e.Status == store.Failed {
		log.Error("run", attrs...)
	} else {
		log.Info("run", attrs...)
	}
}
