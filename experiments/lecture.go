package experiments

import "slices"

// Topic is one of the lecture: the study that shows it, with what, what that says, and what has to come out.
type Topic struct {
	Number  int
	Name    string
	Study   string
	Figure  string // kind of one of the study's figures
	Claim   string // one of the study's
	Outcome string // what is known beforehand: of mathematics, or printed in the lecture
}

// Topics lists those of the lecture in its order.
func Topics() []Topic {
	return slices.Clone([]Topic{
		{1, "the chain rule in a small network", "lecture-net", "parameters",
			"gradient(layer=1, net=2-2-2) = 0.0371360 within 0.0000001",
			"a derivative is the sum over the paths to the loss: of the two here one alone would be 0.0077018 or 0.0448378"},
		{2, "layers and their names", "lecture-net", "parameters", "test_error(net=784-50-10) < test_error(net=784-10)",
			"layers are counted by their weights; 784-100-10 has 79,510 weights and biases, 784-50-10 39,760 and 784-10 7,850"},
		{3, "a loss that is not convex: different seeds", "seeds-landscape", "barrier",
			"barrier(vary=weights and order, aligned) < 0.5 * barrier(vary=weights and order)",
			"a convex loss has one minimum, which all seeds find; a permuted copy of a network is at a distance, with a barrier between, and at none when its units are aligned"},
		{4, "the loss surface", "loss-surface", "landscape", "barrier(net=50 hidden units) > 0",
			"the middle of the surface is the loss of the training; directions are filter-normalised, so that the scale of a layer changes nothing; a convex loss has no barriers, and of a random walk two components explain 76 %"},
		{5, "an output that is confidently wrong", "saturation", "plot",
			"gradient(layer=1, p=1e-5, pair=sigmoid+bce) = 50000.5 * gradient(layer=1, p=1e-5, pair=sigmoid+mse) within 0.0001",
			"the ratio of the two gradients is 1/(2p(1−p)): 50,000.5 at p = 0.00001"},
		{6, "softmax or sigmoid outputs", "mse-vs-ce", "calibration",
			"test_error(pair=softmax+ce, lr=0.1) < test_error(pair=sigmoid+mse, lr=0.1)",
			"the probabilities of a softmax add up to 1, those of sigmoids need not"},
		{7, "homework: drawings", "quickdraw", "plot", "test_error(net=homework) reproduces 0.1145",
			"784-50-3 of sigmoids gets 88.84, 88.44 and 88.55 % of training, validation and test right; the task is 92 %"},
		{8, "weights that begin at zero", "zero-init", "units",
			"correlation_of_units(layer=1, start=equal, activation=sigmoid, pair=softmax+ce) = 1 within 0.001",
			"units of equal weights have the cosine 1 for ever; constant outputs end at ln 10 = 2.3026 and at 0.09"},
		{9, "no non-linearity", "xor", "plot",
			"train_loss(activation=identity, width=8, depth=4) = train_loss(activation=identity, width=8, depth=0) within 0.002 because \"it is what fitting 3 numbers to 750 points takes off the loss\"",
			"a product of matrices is a matrix: any depth has the loss of none"},
		{10, "XOR", "xor", "regions", "share(test_error(activation=relu, width=50) < 0.125) > 0.5",
			"the best line has the loss ln 2 = 0.6931 and at least a quarter wrong"},
		{11, "gradient checking", "lecture-net", "gradcheck", "gradient(layer=2, net=2-2-2) = 0.2698712 within 0.0000001",
			"errors fall with the step by slopes 1 and 2 down to steps of 1.5e-8 (forward) and 6e-6 (centred)"},
		{12, "activations", "activations", "activations", "best test_error(activation=relu) < best test_error(activation=identity)",
			"the slope of a sigmoid is 1/4 at most, that of tanh 1; tanh z = 2σ(2z) − 1"},
		{13, "inputs and initial weights", "init-norm", "plot",
			"activation_sd(layer=3, scale=standard, init=He, activation=relu, epoch=0) = activation_sd(layer=1, scale=standard, init=He, activation=relu, epoch=0) within 0.2",
			"He's weights keep the size of the signal through ReLUs; N(0, 0.1) at width 100 halves its square in each layer"},
		{14, "the two notebooks", "lecture-mnist", "curves", "test_error(pair=softmax+ce) reproduces 0.0233",
			"97.67 % (softmax + CE), 91.34 % (sigmoid + MSE, mean) and 94.49 % (sum) of the test images"},
		{15, "dead neurons", "dead-neurons", "plot", "dead(layer=1, activation=relu, lr=0.1, bias=-100) = 1 within 0.001",
			"a ReLU with a bias of −100 is dead and moves no weight; the loss stays at ln 10"},
		{16, "wide or deep, vanishing gradients", "wide-deep", "plot",
			"gradient(layer=1, size=80k/8, activation=sigmoid, lr=0.1, epoch=1) < 0.0078 * gradient(layer=1, size=80k/1, activation=sigmoid, lr=0.1, epoch=1)",
			"each layer of sigmoids multiplies the gradient by 1/4 of its matrix's norm at most"},
		{17, "failures", "mse-vs-ce", "failures", "best test_error(pair=softmax+ce) < best test_error(pair=sigmoid+mse)",
			"right answers of the confusion matrix are the accuracy; failures are all others"},
		{18, "under- and overfitting", "capacity-data", "plot",
			"train_error(train=2000, l2=0, width=2) > train_error(train=2000, l2=0, width=256)",
			"random labels are learned by heart, and 9 of 10 test examples answered wrongly"},
		{19, "bias and variance", "bias-variance", "bias-variance", "bias2(width=1) > bias2(width=4)",
			"risk = noise + bias² + variance, each without its own error"},
		{20, "more data", "capacity-data", "plot", "test_error(train=8000, model=200 units) < test_error(train=3000, model=200 units)",
			"errors of .2, .1 and .05 at 100, 1,000 and 10,000 examples are a power law of exponent −0.301"},
		{21, "the words: bias and underfitting, variance and overfitting", "bias-variance", "jargon",
			"test_mse(problem=digits, width=64) - train_mse(problem=digits, width=64) > test_mse(problem=digits, width=2) - train_mse(problem=digits, width=2)",
			"the gap between test and training error and the variance are related, and not equal"},
		{22, "parameters and hyperparameters", "hyperparameters", "importance",
			"test_error(lr=0.3, batch=100, width=30, activation=tanh) < test_error(lr=0.03, batch=100, width=30, activation=tanh)",
			"in a balanced grid the sums of squares of all choices and of the seed add up"},
		{23, "a loader of one's own", "loader", "data", "test_error() < 0.9",
			"256 rows of `Class Label,File Name`, of which the first classes are 5, 8, 8, 0, 9; batches of 32 are 8 steps an epoch"},
		{24, "evaluating models", "evaluation", "evaluation", "sd(test_error(way=holdout 10 %)) > sd(test_error(way=holdout 50 %))",
			".632 = .632 · out of bag + .368 · on the training examples; of 100 examples Wald's interval covers 80 % at p = .97, Wilson's 97 %"},
		{25, "the leaderboard", "leaderboard", "leaderboard", "test_error(fresh=winner) < test_error(fresh=runner-up)",
			"of 24 equal configurations the first is ahead by 1.95 SD of its mean on the data that chose it"},
		{26, "a project of one's own", "search", "best-of-n", "best test_error() < best test_error(activation=sigmoid)",
			"the expected smallest error of n configurations falls with n, towards the smallest that was seen"},
	})
}

// Lesson is a study of the lecture with the numbers of the topics that it shows.
type Lesson struct {
	Study  string
	Topics []int
}

// Lecture lists the studies of the lecture in the order of their first topics.
func Lecture() []Lesson {
	var all []Lesson
	for _, t := range Topics() {
		at := slices.IndexFunc(all, func(l Lesson) bool { return l.Study == t.Study })
		if at < 0 {
			at = len(all)
			all = append(all, Lesson{Study: t.Study})
		}
		all[at].Topics = append(all[at].Topics, t.Number)
	}
	return all
}
