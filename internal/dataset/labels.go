package dataset

import "nightshift/internal/stream"

// replaceLabels replaces each label, with the given probability, by one of the
// other classes. Two numbers are drawn for every example whatever comes of
// them, so the labels that a small probability replaces are among those that a
// larger one replaces, and the same holds for the size of the split.
func replaceLabels(labels []int32, classes int, probability float64, seed uint64) {
	r := stream.New("data/label_noise", seed)
	for i, label := range labels {
		u, step := r.Float64(), r.IntN(max(1, classes-1))
		if u < probability {
			labels[i] = (label + 1 + int32(step)) % int32(classes)
		}
	}
}
