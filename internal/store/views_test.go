package store

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// The names and their order are what other people's scripts and notebooks rely on.
var views = map[string]string{
	"runs": `id label status test_error valid_error train_error test_loss valid_loss train_loss
		seed_data seed_init seed_order epochs parameters seconds started_at finished_at reason
		test_mse valid_mse train_mse test_nll valid_nll train_nll test_brier valid_brier train_brier test_ece valid_ece train_ece
		host kernel version commit dirty go os cpu cell data config stack digest
		repository repository_commit repository_dirty`,
	"studies":        `study question at select set yaml`,
	"study_versions": `study at set yaml`,
	"study_runs":     `study run_id cell_label axes`,
	"epochs":         `run_id epoch split loss error mse nll brier ece`,
	"progress":       `run_id epoch steps lr distance seconds`,
	"nights":         `study started_at finished_at workers trained forecast low high seconds`,
	"conflicts": `run_id label status test_error valid_error train_error test_loss valid_loss train_loss
		epochs seconds started_at finished_at reason
		test_mse valid_mse train_mse test_nll valid_nll train_nll test_brier valid_brier train_brier test_ece valid_ece train_ece
		host kernel version commit dirty go os cpu digest repository repository_commit repository_dirty`,
	"notes":       `study run_id at note`,
	"tags":        `study run_id tag`,
	"outputs":     `run_id example output value`,
	"predictions": `run_id example label predicted wrong`,
	"layers":      `run_id epoch layer weight gradient update distance mean sd saturated dead alpha`,
}

func TestViewColumns(t *testing.T) {
	db := open(t)
	equal(t, "views", len(column(t, db, `SELECT name FROM sqlite_schema WHERE type = 'view'`)), len(views))
	for view, columns := range views {
		got := column(t, db, `SELECT name FROM pragma_table_info(?) ORDER BY cid`, view)
		equal(t, view, got, strings.Fields(columns))
	}
}

func TestViewRows(t *testing.T) {
	db := open(t)
	members := []StudyRun{{Study: "s", RunID: "bb", CellLabel: "lr=0.2", Axes: []byte("[]")}}
	check(t, db.PutStudy(ctx, Study{Study: "s", At: evening}, []Run{planned("bb", "0.2")}, members))
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	for query, want := range map[string]string{
		`SELECT id || ' ' || status || ' ' || label FROM runs ORDER BY id`:               "aa diverged lr=0.1, bb pending lr=0.2",
		`SELECT json_extract(config, '$.lr') FROM runs ORDER BY id`:                      "0.1, 0.2",
		`SELECT test_loss FROM runs ORDER BY id`:                                         "3, -",
		`SELECT started_at FROM runs ORDER BY id`:                                        "2026-03-01T21:30:00.123Z, -",
		`SELECT finished_at FROM runs WHERE id = 'aa'`:                                   "2026-03-01T21:31:30.123Z",
		`SELECT seed_init || ' ' || seed_order FROM runs WHERE id = 'aa'`:                "3 -1",
		`SELECT "commit" || dirty FROM runs WHERE id = 'aa'`:                             "abc1",
		`SELECT run_id || cell_label || axes FROM study_runs`:                            "bblr=0.2[]",
		`SELECT epoch || split FROM epochs WHERE run_id = 'aa' ORDER BY epoch, split`:    "0test, 0train, 1test, 1train",
		`SELECT loss FROM epochs WHERE run_id = 'aa' AND split = 'train' ORDER BY epoch`: "2, NaN",
		`SELECT error FROM epochs WHERE run_id = 'aa' AND epoch = 1 ORDER BY split`:      "-, 0.25",
		`SELECT steps FROM progress WHERE run_id = 'aa' ORDER BY epoch`:                  "0, 4",
		`SELECT weight FROM layers ORDER BY epoch`:                                       "1, NaN",
		`SELECT at FROM studies`:                                                         "2026-03-01T21:30:00.123Z",

		`SELECT CAST(strftime('%s', finished_at) - strftime('%s', started_at) AS INTEGER) FROM runs ORDER BY id`: "90, -",
	} {
		if got := strings.Join(column(t, db, query), ", "); got != want {
			t.Errorf("%s\n\tgave %s\n\twant %s", query, got, want)
		}
	}
}

// What the package documentation promises of NaN, infinities and NULL.
func TestNumbersOrder(t *testing.T) {
	db := open(t)
	for i, v := range []Number{is(math.NaN()), is(math.Inf(1)), is(0.5), {}, is(math.Inf(-1)), is(1e308), is(0)} {
		r := planned(fmt.Sprint(i), "0.1")
		r.Status = Done
		r.Test.Loss = v
		check(t, db.Finish(ctx, Result{Run: r, Epochs: []Epoch{{Epoch: 1, Test: Metrics{Loss: v}, Train: Metrics{Loss: is(1)}}}}))
	}
	for query, want := range map[string]string{
		`SELECT test_loss FROM runs ORDER BY test_loss`:                           "-, -Inf, 0, 0.5, 1e+308, +Inf, NaN",
		`SELECT test_loss FROM runs ORDER BY test_loss DESC LIMIT 1`:              "NaN",
		`SELECT test_loss FROM runs WHERE test_loss < 1 ORDER BY test_loss`:       "-Inf, 0, 0.5",
		`SELECT test_loss FROM runs WHERE test_loss < 9e999 ORDER BY test_loss`:   "-Inf, 0, 0.5, 1e+308",
		`SELECT test_loss FROM runs WHERE test_loss > 1 ORDER BY test_loss`:       "1e+308, +Inf, NaN",
		`SELECT loss FROM epochs WHERE split = 'test' AND loss < 1 ORDER BY loss`: "-Inf, 0, 0.5",
		`SELECT loss FROM epochs WHERE split = 'test' ORDER BY loss`:              "-Inf, 0, 0.5, 1e+308, +Inf, NaN",
		`SELECT max(test_loss) FROM runs`:                                         "NaN",
		`SELECT count(*) FROM runs WHERE test_loss IS NULL`:                       "1",
		`SELECT avg(test_loss) FROM runs WHERE test_loss IN ('NaN', 0.5)`:         "0.25", // the trap that the documentation warns of

		`SELECT typeof(test_loss) FROM runs WHERE test_loss = 'NaN' OR test_loss = 9e999 ORDER BY test_loss`: "real, text",
	} {
		if got := strings.Join(column(t, db, query), ", "); got != want {
			t.Errorf("%s\n\tgave %s\n\twant %s", query, got, want)
		}
	}
}

// A curve is read through the primary key, not by a walk over all the epochs.
func TestEpochsViewUsesKey(t *testing.T) {
	db := open(t)
	plan := ""
	rows, err := db.sql.Query(`EXPLAIN QUERY PLAN SELECT * FROM epochs WHERE run_id = 'aa' AND split = 'test'`)
	check(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		check(t, rows.Scan(&id, &parent, &unused, &detail))
		plan += detail + "\n"
	}
	if strings.Contains(plan, "SCAN epoch") || strings.Contains(plan, "SCAN run") ||
		!strings.Contains(plan, "SEARCH epoch USING PRIMARY KEY") {
		t.Errorf("query plan:\n%s", plan)
	}
}
