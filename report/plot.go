package report

import (
	"context"

	"nightshift/internal/study"
	"nightshift/report/figure"
)

func plots(context.Context, *results, *block, study.Figure) ([]figure.Figure, error) { return nil, nil }
