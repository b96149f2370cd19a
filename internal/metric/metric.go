// Package metric names what is measured: the metrics of a split of the data, and the measures of a layer of weights.
//
// It holds two tables, one for each, and beside each table the struct of its values; a third has what is computed of stored
// outputs and is no column (derived.go). Everything that exists once
// for every metric follows from them: columns of the database, claims of a study, axes of figures, JSON and CSV.
// A new metric is a field, an entry in the list of fields and a line in the table, always at the end, since rows and
// checksums that are stored have the order of today. The compiler refuses a table and fields that differ in number, and
// asks mlp for the same field; a test of the store asks for columns and a version of checksums.
package metric

import "strings"

// Metric describes one number that is measured of a split.
type Metric struct {
	Name       string // in columns, claims and JSON: error
	Title      string // in figures and tables: Brier score
	Doc        string // what it is, in a line
	Percent    bool   // it is a share from 0 to 1, shown in percent
	Regression bool   // a regression has it too
	Stops      bool   // early stopping may go by it
	index      int
}

var metrics = [...]Metric{
	{Name: "loss", Title: "loss", Doc: "the objective that was minimised", Regression: true, Stops: true},
	{Name: "error", Title: "error", Doc: "share of wrong answers, from 0 to 1", Percent: true, Stops: true},
	{Name: "mse", Title: "MSE", Doc: "mean squared error of the outputs", Regression: true, Stops: true},
	{Name: "nll", Title: "NLL", Doc: "negative log-likelihood of the right class", Stops: true},
	{Name: "brier", Title: "Brier score", Doc: "Brier score", Stops: true},
	{Name: "ece", Title: "ECE", Doc: "expected calibration error"},
}

// Metrics holds a value for every metric of one split.
type Metrics[T any] struct {
	Loss  T `json:"loss"`
	Error T `json:"error"`
	MSE   T `json:"mse"`
	NLL   T `json:"nll"`
	Brier T `json:"brier"`
	ECE   T `json:"ece"`
}

// Fields points at the values, in the order of All.
func (m *Metrics[T]) Fields() [len(metrics)]*T {
	return [...]*T{&m.Loss, &m.Error, &m.MSE, &m.NLL, &m.Brier, &m.ECE}
}

// At gives the value of a metric.
func (m Metrics[T]) At(of Metric) T { return *m.Fields()[of.index] }

// Map makes other values of those of a split, metric by metric.
func Map[T, U any](m Metrics[T], f func(Metric, T) U) Metrics[U] {
	var out Metrics[U]
	from, to := m.Fields(), out.Fields()
	for i := range metrics {
		*to[i] = f(numbered(i), *from[i])
	}
	return out
}

// Count is the number of metrics.
const Count = len(metrics)

// All lists the metrics in the order in which they are stored and shown.
func All() []Metric {
	list := make([]Metric, Count)
	for i := range list {
		list[i] = numbered(i)
	}
	return list
}

// numbered gives a line of the table with its place.
func numbered(i int) Metric {
	m := metrics[i]
	m.index = i
	return m
}

// Named finds a metric by its name.
func Named(name string) (Metric, bool) {
	for i := range metrics {
		if metrics[i].Name == name {
			return numbered(i), true
		}
	}
	return Metric{}, false
}

// Splits names the splits of the data in their order.
func Splits() [3]string { return [...]string{"train", "valid", "test"} }

// Of names a metric of a split, as in columns and claims: test_error.
func (m Metric) Of(split string) string { return split + "_" + m.Name }

// Parse takes such a name apart.
func Parse(name string) (split string, m Metric, ok bool) {
	for _, split := range Splits() {
		if rest, found := strings.CutPrefix(name, split+"_"); found {
			m, ok := Named(rest)
			return split, m, ok
		}
	}
	return "", Metric{}, false
}
