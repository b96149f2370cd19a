package stat

// NestedMean gives the mean over training sets, each with initialisations of its
// own: the training set is the unit, its runs are averaged first. It is Student's
// t over the means of the sets; below three sets there is no interval. A set that
// lost runs counts as much as any other.
func NestedMean(sets [][]float64) Difference {
	means := make([]float64, len(sets))
	for k, set := range sets {
		for _, v := range set {
			means[k] += v / float64(len(set))
		}
	}
	d := newDifference("nested")
	d.Assumes = "training sets are independent, their means about normal"
	return d.of(means)
}
