// Package mlp trains multilayer perceptrons and measures them.
//
// A [Config] says what is trained, [Data] on what, [Seeds] which of the many
// possible trainings it is; [Start] makes a [Training] of the three, and each
// call of its Next is one [Epoch]. Same configuration, data and seeds give the
// same bits: a training runs on the calling goroutine and adds up in a fixed
// order. It allocates nothing in a step.
//
// Definitions are PyTorch's where it has one. With weights W [out, in], layer l
// computes
//
//	z_l = a_{l-1} W_lᵀ + b_l      a_l = φ(z_l)
//
// where batch normalisation, if wanted, stands between z and φ, and dropout
// behind φ. The last layer has no φ: its z are the logits, and output
// activation and loss are one [Objective].
//
// # What is minimised
//
// The objective is the mean over the examples of the loss, plus L1 Σ|w| +
// L2/2 Σw² over the weight matrices. mse and bce are either summed or averaged
// over the outputs (Reduction); for ce and hinge, which are one number per
// example, there is nothing to reduce, and only "mean" is accepted. Class
// weights make the mean a weighted one, divided by the sum of the weights of
// the examples' classes, in every batch and in every split. A short last batch
// is a mean over its own examples. Penalties and weight decay act on weight
// matrices only: not on biases, batch normalisation or the slopes of a PReLU.
//
// A step computes the gradient of the objective, clips it, adds coupled weight
// decay, and updates. The learning rate is that of the epoch; schedules and
// their warm-up count in epochs.
//
// # What is measured
//
// [Metrics] are those of the network after the epoch, in evaluation mode and
// over the full split: no unit is dropped, batch normalisation uses its running
// statistics. Loss is the objective with its penalties; the others are computed
// in the same way whatever the loss, against one-hot targets:
//
//   - Error: share of examples whose largest logit is not that of their class,
//     the lowest class winning ties
//   - MSE: mean over examples and outputs of (a-y)², a being the outputs
//   - NLL: mean of -ln p of the right class, see [Probabilities]
//   - Brier: mean over the examples of Σ(p-y)² over the classes
//   - ECE: expected calibration error in 15 equal-width bins of the largest p
//
// [Layer] describes each weight matrix and the activations behind it, those of
// the output layer being the outputs. An activation is saturated where the
// slope is below a twentieth of the steepest, a unit is dead where the slope is
// 0 on every training example.
//
// # Where things are
//
// Activations, objectives, initialisers, optimisers and schedules are literal
// tables, each in the file of its name: a new one is one entry there, and one
// closed form in oracles_test.go. Tests range over the tables; an entry without an
// oracle fails. The network's memory is in layout.go, its two passes in net.go,
// the training loop in train.go, what it measures of an epoch in measure.go;
// cost.go counts what a training does, for forecasts. [Network] opens a network for
// those who need its objective and gradient at parameters of their own.
package mlp
