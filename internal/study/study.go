// Package study turns a study file into runs: parsing, positions, validation
// and identity.
package study

import (
	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// Config is the full configuration of a cell: every key, typed and defaulted.
// Its JSON is flat: the keys of mlp.Config with "data" beside them.
type Config struct {
	Data dataset.Spec `json:"data"`
	mlp.Config
}

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
	Seeds Seeds
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
}
