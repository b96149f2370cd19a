package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/metric"
)

// Column is something that runs are listed, chosen and ordered by.
type Column struct {
	Name string
	Kind ColumnKind
	from string // table of the value: run, cell, place or maker
	expr string // its SQL, in terms of that table
}

// ColumnKind says what a column's values are.
type ColumnKind int

// The kinds of columns.
const (
	Plain   ColumnKind = iota // text or a number
	Measure                   // a number that may be NaN
	Share                     // a Measure from 0 to 1
	Seconds
)

// RunColumns lists what every run has.
func RunColumns() []Column {
	list := []Column{
		{Name: "id", from: "run", expr: "run.id"}, {Name: "status", from: "run"}, {Name: "label", from: "place", expr: "label"},
		{Name: "seed_data", from: "run", expr: "run.seed_data"}, {Name: "seed_init", from: "run", expr: "run.seed_init"},
		{Name: "seed_order", from: "run", expr: "run.seed_order"}, {Name: "epochs", from: "run", expr: "run.epochs"},
		{Name: "parameters", from: "run", expr: "run.parameters"}, {Name: "seconds", Kind: Seconds, from: "run", expr: "run.seconds"},
		{Name: "started_at", from: "run", expr: "run.started_at"}, {Name: "finished_at", from: "run", expr: "run.finished_at"},
		{Name: "reason", from: "run", expr: "run.reason"}, {Name: "digest", from: "run", expr: "run.digest"},
		{Name: "cell", from: "cell", expr: "id"}, remarkColumn("tags", Tag), remarkColumn("notes", Note),
	}
	for _, split := range metric.Splits() {
		for _, m := range metric.All() {
			c := Column{Name: m.Of(split), Kind: Measure, from: "run", expr: "run." + quoteName(m.Of(split))}
			if m.Percent {
				c.Kind = Share
			}
			list = append(list, c)
		}
	}
	for _, name := range []string{"host", "kernel", "version", "commit", "dirty", "go", "os", "cpu",
		"repository", "repository_commit", "repository_dirty"} {
		list = append(list, Column{Name: name, from: "maker", expr: "maker." + quoteName(name)})
	}
	return list
}

// remarkColumn is all that was put to a run, in the order of the texts.
func remarkColumn(name string, kind RemarkKind) Column {
	return Column{Name: name, from: "run", expr: `(SELECT group_concat(text, ', ') FROM (SELECT text FROM remark
		WHERE remark.run = run.key AND kind = ` + quoteText(string(kind)) + ` ORDER BY text))`}
}

// ComputedColumn is one that the caller computes: its value is the identity of the run.
func ComputedColumn(name string, kind ColumnKind) Column {
	return Column{Name: name, Kind: kind, from: "run", expr: "run.id"}
}

// ConfigColumn is a key of the configuration by its path; of a choice its name.
func ConfigColumn(path string) Column {
	at := quoteText("$." + path)
	expr := fmt.Sprintf("CASE json_type(config, %s) WHEN 'object' THEN json_extract(config, %s) ELSE json_extract(config, %s) END",
		at, quoteText("$."+path+".name"), at)
	switch path { // which stand for hidden
	case "width":
		expr = "json_extract(config, '$.hidden[0]')"
	case "depth":
		expr = "json_array_length(config, '$.hidden')"
	}
	return Column{Name: path, from: "cell", expr: expr}
}

// AxisColumn is the place on an axis of the study: a number, or the label of what is none.
func AxisColumn(axis string) Column {
	return Column{Name: axis, from: "place", expr: `(
		SELECT coalesce(json_extract(a.value, '$.value'), json_extract(a.value, '$.label'))
		FROM json_each(axes) AS a WHERE json_extract(a.value, '$.axis') = ` + quoteText(axis) + `)`}
}

// Axes lists the names of the axes of a study.
func (db *DB) Axes(ctx context.Context, study string) (axes []string, err error) {
	err = db.read(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		axes = append(axes, name)
		return err
	}, `SELECT DISTINCT json_extract(a.value, '$.axis') FROM place, json_each(place.axes) AS a
		WHERE a.type = 'object' AND place.key IN (SELECT DISTINCT member.place FROM study JOIN version ON version.study = study.key
			JOIN member ON member.version = version.key WHERE study.study = ?)`, study)
	return axes, err
}

// Listing is a question about runs.
type Listing struct {
	Study   string   // whose runs; "" for those that belong to no study
	Alive   []string // owners whose runs go on; others that are running are interrupted
	Columns []Column // that are shown
	Uses    []Column // those of Where and Order
	Where   string   // a condition of SQL, with Name.SQL for columns; "" for all runs
	Order   string   // a list of terms of SQL; "" as planned
}

// SQL is the column in conditions and orders of a Listing. NaN is there NULL, of which no comparison is true.
func (c Column) SQL() string {
	if c.Kind == Measure || c.Kind == Share {
		return "nullif(" + quoteName(c.Name) + ", 'NaN')"
	}
	return quoteName(c.Name)
}

// List hands each run of a listing to row, as values of its columns: nil, int64, float64 or string, NaN being the text NaN.
func (db *DB) List(ctx context.Context, l Listing, row func([]any) error) error {
	return db.Query(ctx, l.sql(), func([]string) error { return nil }, row)
}

// sql is the listing as a statement. Cells and places, which are few, are read first.
func (l Listing) sql() string {
	of := map[string][]string{"cell": {"key"}, "place": {"key"}}
	var listed, shown []string
	seen := map[string]bool{}
	for i, c := range slices.Concat(l.Columns, l.Uses) {
		if i < len(l.Columns) {
			shown = append(shown, quoteName(c.Name))
		}
		if seen[c.Name] {
			continue
		}
		seen[c.Name] = true
		as := " AS " + quoteName(c.Name)
		switch {
		case c.Name == "status":
			listed = append(listed, l.status()+as)
		case c.from == "cell" || c.from == "place":
			of[c.from] = append(of[c.from], c.expr+as)
			listed = append(listed, c.from+"s."+quoteName(c.Name)+as)
		default:
			listed = append(listed, c.expr+as)
		}
	}
	text := fmt.Sprintf("WITH cells AS MATERIALIZED (SELECT %s FROM cell), places AS MATERIALIZED (%s), members AS (%s), "+
		"listed AS (SELECT members.position AS \"#\", %s FROM members JOIN run ON run.key = members.run JOIN cells ON cells.key = run.cell "+
		"JOIN maker ON maker.key = run.maker JOIN places ON places.key = members.place) SELECT %s FROM listed",
		strings.Join(of["cell"], ", "), l.places(of["place"]), l.members(), strings.Join(listed, ", "), strings.Join(shown, ", "))
	if l.Where != "" {
		text += " WHERE (" + l.Where + ")"
	}
	order := `"#"`
	if l.Order != "" {
		order = l.Order + ", " + order
	}
	return text + " ORDER BY " + order
}

// members selects run, place and position: each run once, as the newest version that has it says. A run without a study
// has the place of its cell.
func (l Listing) members() string {
	if l.Study == "" {
		return `SELECT key AS run, cell AS place, key AS position FROM run WHERE key NOT IN (SELECT run FROM member)`
	}
	return `SELECT member.run AS run, member.place AS place, member.position + 1000000000 * (NOT v.newest) AS position,
			max(v.newest * 1000000000 + v.key)
		FROM (SELECT version.key AS key, version.yaml = study.yaml AND version."set" = study."set" AS newest
			FROM study JOIN version ON version.study = study.key WHERE study.study = ` + quoteText(l.Study) + `) AS v
		JOIN member ON member.version = v.key JOIN run ON run.key = member.run
		WHERE v.newest OR run.status IN ('done', 'diverged', 'pruned') GROUP BY member.run`
}

func (l Listing) places(columns []string) string {
	if l.Study == "" {
		return `SELECT ` + strings.Join(columns, ", ") + ` FROM (SELECT key, label, '[]' AS axes FROM cell)`
	}
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM place`
}

// status is that which a run has now: what a process that is gone was training is interrupted.
func (l Listing) status() string {
	alive := make([]string, len(l.Alive))
	for i, id := range l.Alive {
		alive[i] = quoteText(id)
	}
	return `CASE WHEN run.status = 'running' AND NOT EXISTS (SELECT 1 FROM claim JOIN owner ON owner.key = claim.owner
		WHERE claim.run = run.key AND owner.id IN (` + strings.Join(alive, ", ") + `)) THEN 'interrupted' ELSE run.status END`
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteText(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }

// Kernels counts the results (done, diverged or pruned) by the kernel that made them.
func (db *DB) Kernels(ctx context.Context) (map[string]int, error) {
	list := map[string]int{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var name string
		var n int
		err := rows.Scan(&name, &n)
		list[name] = n
		return err
	}, `SELECT maker.kernel, count(*) FROM run JOIN maker ON maker.key = run.maker
		WHERE run.status IN ('`+string(Done)+`', '`+string(Diverged)+`', '`+string(Pruned)+`') GROUP BY 1`)
	return list, err
}
