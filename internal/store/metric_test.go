package store

import (
	"math"
	"slices"
	"testing"

	"nightshift/internal/metric"
)

// Whoever adds a metric finds here what else has to know of it: a migration
// with its columns, and a version of checksums that covers it.
func TestEveryMetricHasItsColumns(t *testing.T) {
	db := open(t)
	has := func(table string, names ...string) {
		columns := column(t, db, `SELECT name FROM pragma_table_info(?)`, table)
		for _, name := range names {
			if !slices.Contains(columns, name) {
				t.Errorf("%s has no column %s", table, name)
			}
		}
	}
	for _, table := range []string{"run", "epoch", "conflict", "runs", "conflicts"} {
		has(table, metricNames()...)
	}
	for _, m := range metric.All() {
		has("epochs", m.Name)
	}
	for _, m := range metric.Layers() {
		has("layer", m.Name)
		has("layers", m.Name)
	}
	newest := coverages[len(coverages)-1]
	equal(t, "metrics that checksums cover", newest.metrics, len(metric.All()))
	equal(t, "measures that checksums cover", newest.measures, len(metric.Layers()))
}

// Whatever of a result changes, its checksum does; what came after its version
// changes nothing.
func TestChecksumCovers(t *testing.T) {
	fresh := func() Result { return result(planned("aa", "0.1")) }
	sum := checksum(fresh())
	if !unchanged(sum, fresh()) {
		t.Fatal("a result is not the one that its checksum was taken of")
	}
	for i, m := range metric.All() {
		r := fresh()
		*r.Epochs[1].Valid.Fields()[i] = is(0.125)
		if unchanged(sum, r) {
			t.Errorf("%s is not covered", m.Name)
		}
	}
	for i, m := range metric.Layers() {
		r := fresh()
		*r.Layers[1].Fields()[i] = math.Pi
		if unchanged(sum, r) {
			t.Errorf("%s is not covered", m.Name)
		}
	}
	for _, other := range []string{"", " " + sum, "0 " + sum, "1 " + sum, "2 " + sum, "-1 " + sum, "x " + sum, sum[1:]} {
		if unchanged(other, fresh()) {
			t.Errorf("%q is taken for the checksum %q", other, sum)
		}
	}
}
