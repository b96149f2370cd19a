package mlp

import "math"

// schedule is an entry of the table of learning rate schedules. factor is what
// the learning rate is multiplied with in the epoch that t epochs precede, of
// a training of total epochs; the warm-up is not part of it.
type schedule struct {
	Option
	total  bool // whether the factor depends on total
	factor func(p map[string]float64, t, total float64) float64
}

var warmup = Param{Name: "warmup", Doc: "epochs over which the rate rises linearly to its full value", Max: 1e6}

var schedules = []schedule{
	{
		Option: Option{Name: "constant", Doc: "the same rate throughout", Params: []Param{warmup}},
		factor: func(map[string]float64, float64, float64) float64 { return 1 },
	}, {
		Option: Option{Name: "step", Doc: "gamma^⌊t/every⌋", Params: []Param{
			{Name: "every", Doc: "epochs between two drops", Default: 30, Min: 1, Max: 1e6},
			{Name: "gamma", Doc: "factor of a drop", Default: 0.1, Min: 0, Max: 1}, warmup}},
		factor: func(p map[string]float64, t, _ float64) float64 {
			return math.Pow(p["gamma"], math.Floor(t/p["every"]))
		},
	}, {
		Option: Option{Name: "exponential", Doc: "gamma^t", Params: []Param{
			{Name: "gamma", Doc: "factor of an epoch", Default: 0.95, Min: 0, Max: 1}, warmup}},
		factor: func(p map[string]float64, t, _ float64) float64 { return math.Pow(p["gamma"], t) },
	}, {
		Option: Option{Name: "cosine", Doc: "(1+cos(πt/epochs))/2: falls towards 0 at the end", Params: []Param{warmup}},
		total:  true,
		factor: func(_ map[string]float64, t, total float64) float64 { return (1 + math.Cos(math.Pi*t/total)) / 2 },
	}, {
		Option: Option{Name: "inverse", Doc: "1/(1+k t)", Params: []Param{
			{Name: "k", Doc: "how fast the rate falls", Default: 0.01, Min: 0, Max: 1e6}, warmup}},
		factor: func(p map[string]float64, t, _ float64) float64 { return 1 / (1 + p["k"]*t) },
	},
}

func (s schedule) option() Option { return s.Option }

// Schedules lists how the learning rate can change. Time t is counted in
// epochs: all steps of the first epoch are taken at t = 0, and a warm-up over w
// epochs multiplies with min(1, (t+1)/w).
func Schedules() []Option { return options(schedules, schedule.option) }

// rate is the learning rate of the epoch that t epochs precede.
func (c Config) rate(t int) float64 {
	s, _ := find(schedules, c.Schedule.Name, schedule.option)
	lr := c.LR * s.factor(c.Schedule.Params, float64(t), float64(c.Epochs))
	if w := c.Schedule.Params["warmup"]; w > 0 {
		lr *= math.Min(1, float64(t+1)/w)
	}
	return lr
}
