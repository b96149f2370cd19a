package stat

import "math"

// Divergence is where the cross-entropy of a learner comes from, over its training
// sets: Risk = Bias + Variance, exactly. Noise is inside of the bias.
type Divergence struct {
	Sets                 int
	Risk, Bias, Variance Estimate
}

// DecomposeKL splits the mean cross-entropy of logP[set][example][class], the
// logarithms of the predicted probabilities, against the labels (Yang et al., ICML
// 2020): with the normalised geometric mean p̄ of the predictions, variance is the
// mean KL(p̄‖p_k) = -log Σ_c exp(mean_k log p_kc), and bias is -log p̄ of the label.
// It averages logarithms, never probabilities. The standard errors are jackknifed
// over the sets.
func DecomposeKL(logP [][][]float64, labels []int) Divergence {
	e := jackknife(len(logP), func(skip int) []float64 { return divergence(logP, labels, skip) })
	return Divergence{Sets: len(logP), Risk: e[0], Bias: e[1], Variance: e[2]}
}

func divergence(logP [][][]float64, labels []int, skip int) []float64 {
	sets := float64(len(logP))
	if skip >= 0 {
		sets--
	}
	risk, variance := 0.0, 0.0
	for i, label := range labels {
		mean := make([]float64, len(logP[0][i]))
		for k := range logP {
			if k == skip {
				continue
			}
			for c, v := range logP[k][i] {
				mean[c] += v / sets
			}
		}
		top := math.Inf(-1)
		for _, v := range mean {
			top = math.Max(top, v)
		}
		sum := 0.0
		for _, v := range mean {
			sum += math.Exp(v - top)
		}
		risk -= mean[label] / float64(len(labels))
		variance -= (top + math.Log(sum)) / float64(len(labels))
	}
	return []float64{risk, risk - variance, variance}
}
