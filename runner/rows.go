package runner

import (
	"nightshift/internal/dataset"
	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// epochRow is an epoch as the store keeps it, but for its time. What has no
// meaning is absent.
func epochRow(e mlp.Epoch, d *dataset.Data) store.Epoch {
	return store.Epoch{
		Epoch: e.Epoch, Steps: e.Steps, LR: e.LR, Distance: e.Distance,
		Train: metrics(e.Train, d.Train.N, d.Regression),
		Valid: metrics(e.Valid, d.Valid.N, d.Regression),
		Test:  metrics(e.Test, d.Test.N, d.Regression),
	}
}

// metrics of a split of n examples.
func metrics(m mlp.Metrics, n int, regression bool) store.Metrics {
	if n == 0 {
		return store.Metrics{}
	}
	return metric.Map(metric.Metrics[float64](m), func(of metric.Metric, v float64) store.Number {
		if regression && !of.Regression {
			return store.Number{}
		}
		return store.Number{V: v, Valid: true}
	})
}

func layer(epoch, i int, l mlp.Layer) store.Layer {
	return store.Layer{Epoch: epoch, Layer: i, Measures: metric.Measures(l)}
}
