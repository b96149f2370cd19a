package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// StudyCells is the view of the cells of studies with a column for each axis. Since the axes are those of the
// studies that are there, a connection makes it for itself when a statement asks for it.
const StudyCells = "study_cells"

// makeStudyCells makes the view anew in a connection that otherwise only reads.
func (db *DB) makeStudyCells(ctx context.Context, conn *sql.Conn) (err error) {
	columns := []string{"study", "cell", "label", "runs"}
	list := strings.Join(columns, ", ")
	axes, err := allAxes(ctx, conn)
	if err != nil {
		return err
	}
	for _, axis := range axes {
		name := axis
		if slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }) {
			name = "axis." + axis
		}
		columns = append(columns, name)
		list += fmt.Sprintf(`, (SELECT coalesce(json_extract(a.value, '$.value'), json_extract(a.value, '$.label'))
			FROM json_each(axes) AS a WHERE json_extract(a.value, '$.axis') = %s) AS %s`, quoteText(axis), quoteName(name))
	}
	for _, statement := range []string{`PRAGMA query_only = 0`, `DROP VIEW IF EXISTS temp.` + StudyCells,
		`CREATE TEMP VIEW ` + StudyCells + ` AS SELECT ` + list + ` FROM (
			SELECT study, runs.cell, min(cell_label) AS label, count(*) AS runs, min(axes) AS axes
			FROM study_runs JOIN runs ON runs.id = run_id GROUP BY study, runs.cell)`} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("view %s: %w", StudyCells, fault(err))
		}
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 1`); err != nil {
		return fault(err)
	}
	return nil
}

// allAxes are those of all studies.
func allAxes(ctx context.Context, conn *sql.Conn) (axes []string, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT DISTINCT json_extract(a.value, '$.axis') FROM place, json_each(place.axes) AS a
		WHERE a.type = 'object' ORDER BY 1`)
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		axes = append(axes, name)
	}
	return axes, fault(rows.Err())
}
