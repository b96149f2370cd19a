package study

import "time"

// Seeds of a run's three streams.
type Seeds struct {
	Data  uint64 `json:"data"`
	Init  uint64 `json:"init"`
	Order uint64 `json:"order"`
}

// AxisValue is a cell's place on one axis.
type AxisValue struct {
	Axis  string `json:"axis"`            // name as written: lr, optimizer.momentum, pair
	Label string `json:"label"`           // as shown in legends: 0.1, softmax+ce
	Value any    `json:"value,omitempty"` // the number, string or list that a plain axis sets; nil on a paired axis
}

// Cell is one combination of the axes: a configuration without its seeds.
type Cell struct {
	Label  string // the axes in words: "lr=0.1, softmax+ce"
	Axes   []AxisValue
	Config Config
	Seeds  []Seeds // in the order in which they are trained
}

// Run is a cell with its seeds: one training, one row, one identity.
type Run struct {
	ID    string // SHA-256 in hex of configuration, data fingerprint and seeds
	Cell  string // the same without seeds
	Label string
	Axes  []AxisValue
	Config
	Seeds       Seeds
	Fingerprint string // of its data
	Round       int    // of seeds, counted from 0: which of them the run belongs to under Study.Until; 0 without
}

// Study is a parsed and valid study file.
type Study struct {
	Name     string
	Question string
	YAML     string   // the file as it was
	Set      []string // --set overrides, as given
	Select   string   // metric that configurations are chosen by
	Keep     Keep
	Axes     []string // names of the axes in the order written, without repeats
	Cells    []Cell
	Sampled  bool // points of axes were drawn, so that no two of them agree in all but one axis

	Expect  []Expectation // claims that a report holds against the data
	Figures []Figure      // that a report shows; nil for those that its axes and claims suggest
	Wall    time.Duration // most time that a night of it may be forecast to take; 0 for no limit
	Prune   *Prune        // nil where every run is trained to its end
	Until   *Until        // nil where every cell is trained with all of its seeds
}

// Until has the cells of a study trained round by round of seeds for as long as a
// claim needs them. A round is a unit of the study: one seed, or one training set
// with all of its runs. The seeds of every cell are those of Max rounds, in order.
type Until struct {
	Min, Max int // rounds that every cell gets, and that no cell gets more of
	Runs     int // of a round in one cell
}

// Round is the one that the i-th seed of a cell belongs to, counted from 0.
func (u *Until) Round(i int) int { return i / u.Runs }

// Prune is successive halving: at each rung the cells compete by the mean of a
// validation metric over their seeds, and the best share goes on.
type Prune struct {
	Metric string  // such as valid_error
	Rungs  []int   // epochs, rising
	Keep   float64 // share of the cells that goes on, between 0 and 1
}

// Keep says what is stored of each run besides its metrics and test outputs.
type Keep struct {
	Weights string // one of the names of KeptWeights; every for Every
	Every   int    // epochs between snapshots; 0 where Weights is another
}
