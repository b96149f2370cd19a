package stat

// ZeroOne is Domingos' decomposition of the 0-1 loss at one example:
//
//	E[L] = c1·Noise + Bias + c2·Variance
type ZeroOne struct {
	Noise, Bias, Variance float64 // P(t ≠ y*); 1 where the main vote is not y*; P(y ≠ y_m)
	C1, C2                float64 // c2 is negative where the main vote is wrong: variance helps there
	Loss                  float64
}

// Domingos splits the expected 0-1 loss of an example (ICML 2000, 231-238) from the
// probabilities of its targets and of the predictions, which are independent of
// each other; of equal ones the lowest class is meant.
func Domingos(targets, predictions []float64) ZeroOne {
	best, main := 0, 0
	for c := range targets {
		if targets[c] > targets[best] {
			best = c
		}
		if predictions[c] > predictions[main] {
			main = c
		}
	}
	d := ZeroOne{Noise: 1 - targets[best], Variance: 1 - predictions[main], C2: 1}
	agree, missed := 0.0, 0.0
	for c := range targets {
		agree += targets[c] * predictions[c]
		if c != best {
			missed += predictions[c] * targets[c]
		}
	}
	d.Loss = 1 - agree
	// c1 = P(y=y*) - P(y≠y*) P(t=y | y≠y*, t≠y*)
	d.C1 = predictions[best]
	if d.Noise > 0 {
		d.C1 -= missed / d.Noise
	}
	if main != best {
		d.Bias = 1
		if d.C2 = 0; d.Variance > 0 { // c2 = -P(y=y* | y≠y_m)
			d.C2 = -predictions[best] / d.Variance
		}
	}
	return d
}

// Votes is where the 0-1 loss of a learner comes from, over its training sets;
// noise is inside of the bias.
type Votes struct {
	Sets        int
	Loss, Bias  Estimate
	Variance    Estimate // of every vote against the main one, whatever its sign
	NetVariance Estimate // Loss - Bias: what variance adds, with its sign
	// Parts of Variance: where the main vote is right, and where it is wrong. With two
	// classes NetVariance is the first less the second.
	UnbiasedVariance, BiasedVariance Estimate
}

// DecomposeVotes splits the loss of predicted classes predictions[set][example]
// against the labels, as mlxtend's bias_variance_decomp does, and gives the signed
// parts of Domingos beside. Of equal votes the lowest class is the main one. The
// standard errors are jackknifed over the sets, which supposes fresh training sets:
// for bootstrap samples, which overlap, call the result bootstrap variance.
func DecomposeVotes(predictions [][]int, labels []int, classes int) Votes {
	K := len(predictions)
	estimates := jackknife(K, func(skip int) []float64 { return votes(predictions, labels, classes, skip) })
	return Votes{
		Sets: K, Loss: estimates[0], Bias: estimates[1], Variance: estimates[2],
		UnbiasedVariance: estimates[3], BiasedVariance: estimates[4], NetVariance: estimates[5],
	}
}

func votes(predictions [][]int, labels []int, classes, skip int) []float64 {
	var loss, bias, unbiased, biased float64
	targets, shares := make([]float64, classes), make([]float64, classes)
	sets := float64(len(predictions))
	if skip >= 0 {
		sets--
	}
	for i, label := range labels {
		clear(targets)
		clear(shares)
		targets[label] = 1
		for k := range predictions {
			if k != skip {
				shares[predictions[k][i]] += 1 / sets
			}
		}
		d, each := Domingos(targets, shares), 1/float64(len(labels))
		loss += d.Loss * each
		bias += d.Bias * each
		if d.Bias == 0 {
			unbiased += d.Variance * each
		} else {
			biased += d.Variance * each
		}
	}
	return []float64{loss, bias, unbiased + biased, unbiased, biased, loss - bias}
}
