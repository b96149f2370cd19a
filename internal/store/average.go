package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// ofCells is the condition that a run is of some cells, whose identities are the JSON list that is the second parameter.
const ofCells = `run.cell IN (SELECT key FROM cell WHERE id IN (SELECT value FROM json_each(?2)))`

// runsOfCells selects the keys of the members of the study that is the first parameter, of those cells.
const runsOfCells = `(SELECT run.key FROM run WHERE ` + ofCells + ` AND run.key IN ` + runsOfStudy + `)`

// Average is what the runs of a cell came to, on the average.
type Average struct {
	Cell                    string
	Runs, Results, Diverged int
	Mean                    Number // of the runs that are done
}

// Averages gives the mean of a column of runs, such as valid_error, of each cell of a
// study. It reads one line a cell, however many runs there are.
func (db *DB) Averages(ctx context.Context, study, column string) ([]Average, error) {
	if !slices.Contains(metricNames(), column) {
		return nil, fmt.Errorf("runs have no metric %q", column)
	}
	var list []Average
	err := db.read(ctx, func(rows *sql.Rows) error {
		var a Average
		err := rows.Scan(&a.Cell, &a.Runs, &a.Results, &a.Diverged, toNumber{&a.Mean})
		list = append(list, a)
		return err
	}, `SELECT cell.id, n, results, diverged, mean FROM (
			SELECT run.cell AS cell, count(*) AS n, sum(status = 'done') AS results, sum(status = 'diverged') AS diverged,
				avg(CASE WHEN status = 'done' AND typeof("`+column+`") = 'real' THEN "`+column+`" END) AS mean
			FROM run WHERE key IN `+runsOfStudy+` GROUP BY run.cell) AS of
		JOIN cell ON cell.key = of.cell ORDER BY cell.key`, study)
	return list, err
}
