package verdict

import (
	"context"
	"errors"

	"nightshift/internal/store"
	"nightshift/report/stat"
)

// Pair is two networks on the same test examples: what is found is about these two, and
// not about others of their kind.
type Pair struct {
	stat.Disagreement
	Examples int
	Because  string // why they cannot be compared; "" where they can
}

// PairOf compares two runs by the test examples that only one of them gets wrong.
func PairOf(ctx context.Context, db *store.DB, a, b store.Run) (Pair, error) {
	r := &Results{db: db, wrongOf: map[string][]uint64{}}
	var cells []*Cell
	for _, one := range []store.Run{a, b} {
		if one.Status != store.Done {
			return Pair{Because: "one of them is " + string(one.Status)}, nil
		}
		data, err := db.Dataset(ctx, one.Data)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Pair{}, err
		}
		cells = append(cells, &Cell{Data: data, Runs: []Run{{Run: one}}})
	}
	if cells[0].Regression() || cells[1].Regression() {
		return Pair{Because: "they learn numbers, not classes"}, nil
	}
	if !sameTest(cells[0].Data, cells[1].Data) {
		return Pair{Because: "they have not the same test examples"}, nil
	}
	var rows [][]uint64
	for _, c := range cells {
		w, ok, err := r.wrong(ctx, c, c.planned())
		if err != nil {
			return Pair{}, err
		}
		if !ok {
			return Pair{Because: "the test outputs of one are not stored"}, nil
		}
		rows = append(rows, w.Rows[0])
	}
	return Pair{Disagreement: stat.McNemarOf(rows[0], rows[1]), Examples: len(cells[0].Data.TestLabels)}, nil
}
