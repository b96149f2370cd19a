package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/race"
)

// A study may be recorded again and again: results stay, and so do members.
func TestPutStudyAgain(t *testing.T) {
	db := open(t)
	a, b, c := planned("aa", "0.1"), planned("bb", "0.2"), planned("cc", "0.3")
	s := Study{Study: "s", At: evening, YAML: "first"}
	member := func(of, run, cell string) StudyRun { return StudyRun{Study: of, RunID: run, CellLabel: cell} }
	check(t, db.PutStudy(ctx, s, []Run{a, b}, []StudyRun{member("s", "aa", "A"), member("s", "bb", "B")}))
	older := Study{Study: "older", At: evening.Add(-time.Hour)}
	check(t, db.PutStudy(ctx, older, []Run{b}, []StudyRun{member("older", "bb", "B")}))
	check(t, db.Finish(ctx, result(a)))
	s.YAML = "second"
	check(t, db.PutStudy(ctx, s, []Run{c, a}, []StudyRun{member("s", "cc", "C"), member("s", "aa", "A")}))

	runs, err := db.Runs(ctx, "s")
	check(t, err)
	equal(t, "Runs, those without a result left out", runs, []Run{c, result(a).Run})
	check(t, db.Finish(ctx, result(b)))
	runs, err = db.Runs(ctx, "s")
	check(t, err)
	equal(t, "Runs", runs, []Run{c, result(a).Run, result(b).Run})
	members, err := db.StudyRuns(ctx, "s")
	check(t, err)
	equal(t, "StudyRuns", members, []StudyRun{{Study: "s", RunID: "cc", CellLabel: "C", Axes: json.RawMessage{}},
		{Study: "s", RunID: "aa", CellLabel: "A", Axes: json.RawMessage{}},
		{Study: "s", RunID: "bb", CellLabel: "B", Axes: json.RawMessage{}, Former: true}})
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "Statuses", statuses, map[string]Status{"aa": Diverged, "bb": Diverged, "cc": Pending})
	studies, err := db.Studies(ctx)
	check(t, err)
	if len(studies) != 2 || studies[0].YAML != "second" || studies[1].Study != "older" {
		t.Errorf("Studies = %+v", studies)
	}
}

func TestPutStudyOfManyRuns(t *testing.T) {
	db := open(t)
	n := 20_000
	if race.Enabled {
		n = 10_000
	}
	runs, members := make([]Run, n), make([]StudyRun, n)
	config := json.RawMessage(fmt.Sprintf(`{"filler":"%01000d"}`, 0))
	for i := range runs {
		runs[i] = planned(fmt.Sprintf("%064x", uint64(i)*0x9e3779b97f4a7c15), fmt.Sprint(i%(n/20)))
		runs[i].Config = config
		members[i] = StudyRun{Study: "big", RunID: runs[i].ID, CellLabel: runs[i].Label, Axes: json.RawMessage(`[]`)}
	}
	began := time.Now()
	check(t, db.PutStudy(ctx, Study{Study: "big"}, runs, members))
	t.Logf("PutStudy: %v", time.Since(began))
	began = time.Now()
	statuses, err := db.Statuses(ctx)
	check(t, err)
	t.Logf("Statuses: %v", time.Since(began))
	if len(statuses) != n {
		t.Errorf("%d statuses, want %d", len(statuses), n)
	}
	pages := count(t, db, `SELECT page_count FROM pragma_page_count`)
	if perRun := 4096 * pages / n; perRun > 400 {
		t.Errorf("a planned run takes %d bytes", perRun)
	}
}

// Members that are added one look after another are what PutWanted makes of all of them, with
// the checksum; another version of the study is left alone.
func TestPutMore(t *testing.T) {
	whole, more := open(t), open(t)
	s := Study{Study: "s", At: evening}
	var runs []Run
	var all []StudyRun
	for _, id := range []string{"aa", "bb", "cc", "dd"} {
		runs = append(runs, planned(id, "0.1"))
		all = append(all, StudyRun{Study: "s", RunID: id, CellLabel: id[:1], Axes: json.RawMessage(`[]`)})
	}
	wants := func(ids ...string) func(string) bool { return func(id string) bool { return slices.Contains(ids, id) } }
	check(t, whole.PutWanted(ctx, s, runs[:3], all, wants("aa", "bb", "cc")))
	check(t, more.PutWanted(ctx, s, runs[:1], all, wants("aa")))
	for range 2 { // the second time everything is there
		newest, err := more.PutMore(ctx, s, runs[1:3], map[int]StudyRun{1: all[1], 2: all[2]})
		check(t, err)
		equal(t, "newest", newest, true)
	}
	for _, query := range []string{
		`SELECT run.id || ' ' || position || ' ' || member.checksum FROM member JOIN run ON run.key = member.run ORDER BY run.id`,
		`SELECT members FROM version`, `SELECT id || status FROM run ORDER BY id`} {
		equal(t, query, column(t, more, query), column(t, whole, query))
	}
	s.YAML = "another"
	newest, err := more.PutMore(ctx, s, runs[3:], map[int]StudyRun{3: all[3]})
	check(t, err)
	members, err := more.StudyRuns(ctx, "s")
	check(t, err)
	if newest || len(members) != 3 {
		t.Errorf("%d members of another version (newest %v)", len(members), newest)
	}
}

// A study that does not want all that it has planned has those for members that it
// wants and those that it had, in the order in which they are planned.
func TestPutWanted(t *testing.T) {
	db := open(t)
	s := Study{Study: "s", At: evening}
	var runs []Run
	var all []StudyRun
	for _, id := range []string{"aa", "bb", "cc", "dd", "ee"} {
		runs = append(runs, planned(id, "0.1"))
		all = append(all, StudyRun{Study: "s", RunID: id, CellLabel: id, Axes: json.RawMessage(`[]`)})
	}
	for _, test := range []struct {
		wanted string
		want   []int
	}{
		{"aa bb", []int{0, 1}},
		{"aa bb dd", []int{0, 1, 3}},       // one behind them
		{"aa", []int{0, 1, 3}},             // none leaves
		{"aa bb cc dd", []int{0, 1, 2, 3}}, // one between them
	} {
		var rows []Run
		for _, r := range runs {
			if strings.Contains(test.wanted, r.ID) {
				rows = append(rows, r)
			}
		}
		check(t, db.PutWanted(ctx, s, rows, all, func(id string) bool { return strings.Contains(test.wanted, id) }))
		var want []StudyRun
		var ids []string
		for _, i := range test.want {
			want = append(want, all[i])
			ids = append(ids, all[i].RunID)
		}
		members, err := db.StudyRuns(ctx, "s")
		check(t, err)
		equal(t, test.wanted, members, want)
		if list, err := db.RunsWith(ctx, append(ids, "ee", "ff")); err != nil || len(list) != len(want) {
			t.Errorf("%s: %d runs, want %d (%v)", test.wanted, len(list), len(want), err)
		}
	}
	// Another version keeps of what it does not want those with a result.
	check(t, db.Finish(ctx, result(runs[2])))
	s.YAML = "another"
	check(t, db.PutWanted(ctx, s, nil, all, func(id string) bool { return id == "aa" }))
	if members, err := db.StudyRuns(ctx, "s"); err != nil || len(members) != 2 || members[1].RunID != "cc" {
		t.Errorf("%v, %v", members, err)
	}
	check(t, db.PutStudy(ctx, s, nil, all[:1]))
	if members, err := db.StudyRuns(ctx, "s"); err != nil || len(members) != 2 {
		t.Errorf("a version took members from the study: %v, %v", members, err)
	}
}
