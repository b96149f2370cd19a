package experiments

// Lesson is a study of the lecture with the numbers of the topics that it shows.
type Lesson struct {
	Study  string
	Topics []int
}

// Lecture lists the studies of the lecture in its order. Its topics are: 3 different seeds, 4 the loss surface, 5 saturated
// outputs, 6 softmax or sigmoid outputs, 8 weights that begin at zero, 9 no non-linearity, 10 XOR, 12 activations, 13
// normalised inputs and initial weights, 14 the two notebooks, 15 dead neurons, 16 wide or deep, 18 under- and overfitting, 19
// bias and variance, 20 more data, 24 the evaluation of models, 25 the leaderboard.
func Lecture() []Lesson {
	return []Lesson{
		{"seeds", []int{3}},
		{"seeds-landscape", []int{3, 4}},
		{"saturation", []int{5}},
		{"mse-vs-ce", []int{6, 14}},
		{"zero-init", []int{8}},
		{"xor", []int{9, 10}},
		{"activations", []int{12}},
		{"init-norm", []int{13}},
		{"lecture-mnist", []int{14}},
		{"dead-neurons", []int{15}},
		{"wide-deep", []int{16}},
		{"capacity-data", []int{18, 20}},
		{"bias-variance", []int{19}},
		{"evaluation", []int{24}},
		{"leaderboard", []int{25}},
	}
}
