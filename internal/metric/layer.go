package metric

// Measure describes one number that is measured of a layer of weights and its activations.
type Measure struct {
	Name       string // in columns, claims and JSON: sd
	Title      string // in figures and tables: SD of the activations
	Doc        string // what it is, in a line
	Percent    bool   // it is a share from 0 to 1, shown in percent
	Signed     bool   // it may be negative
	Activation string // the only activation that has it, and it is 0 elsewhere; "" where all layers have it
	index      int
}

var measures = [...]Measure{
	{Name: "weight", Title: "weight norm", Doc: "norm of the weights"},
	{Name: "gradient", Title: "gradient norm", Doc: "norm of the gradient in the epoch's last step"},
	{Name: "update", Title: "update norm", Doc: "norm of the change in the epoch's last step"},
	{Name: "distance", Title: "distance from the start", Doc: "distance of the weights from their start"},
	{Name: "mean", Title: "mean activation", Signed: true, Doc: "mean of the activations"},
	{Name: "sd", Title: "SD of the activations", Doc: "standard deviation of the activations"},
	{Name: "saturated", Title: "saturated share", Percent: true,
		Doc: "fraction of the activations where the slope is below 5 % of the steepest"},
	{Name: "dead", Title: "dead share", Percent: true,
		Doc: "fraction of the units with slope 0 on every training example"},
	{Name: "alpha", Title: "slope below 0", Signed: true, Doc: "slope of the activation below 0, where it is learned",
		Activation: "prelu"},
}

// Measures holds the values of one layer.
type Measures struct {
	Weight, Gradient, Update float64
	Distance                 float64
	Mean, SD                 float64
	Saturated, Dead          float64
	Alpha                    float64
}

// Fields points at the values, in the order of Layers.
func (m *Measures) Fields() [len(measures)]*float64 {
	return [...]*float64{&m.Weight, &m.Gradient, &m.Update, &m.Distance, &m.Mean, &m.SD, &m.Saturated, &m.Dead, &m.Alpha}
}

// At gives the value of a measure.
func (m Measures) At(of Measure) float64 { return *m.Fields()[of.index] }

// Layers lists the measures of a layer in the order in which they are stored and shown.
func Layers() []Measure {
	list := measures
	for i := range list {
		list[i].index = i
	}
	return list[:]
}

// LayerNamed finds a measure of a layer by its name.
func LayerNamed(name string) (Measure, bool) {
	for _, m := range Layers() {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}
