package verdict

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// lab is a database with a study that was never trained: its results are made up, so
// that what they allow to conclude is known.
type lab struct {
	t     testing.TB
	db    *store.DB
	path  string
	clock time.Time
	study *study.Study
	data  map[string]store.Dataset // by fingerprint
}

// examples of the test set, all of class 0.
const testExamples = 200

func newLab(t testing.TB) *lab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lab.db")
	db, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &lab{t: t, db: db, path: path, clock: time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC), data: map[string]store.Dataset{
		"set": {ID: "set", In: 2, Out: 2, Classes: []string{"a", "b"}, TestLabels: make([]int32, testExamples), Spec: []byte("{}")},
	}}
}

// says records what the study says from now on.
func (l *lab) says(yaml string, set ...string) {
	l.t.Helper()
	yaml = "study: lab\ndata: {set: blobs, test: 200}\n" + yaml
	s, err := study.Parse("lab", []byte(yaml), set)
	if err != nil {
		l.t.Fatal(err)
	}
	l.study = s
	planned, err := s.Runs(func(dataset.Spec) (string, error) { return "set", nil })
	if err != nil {
		l.t.Fatal(err)
	}
	var rows []store.Run
	var members []store.StudyRun
	for _, r := range planned {
		config, _ := json.Marshal(r.Config)
		axes, _ := json.Marshal(r.Axes)
		rows = append(rows, store.Run{ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending, Config: config, Data: "set",
			SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order})
		members = append(members, store.StudyRun{Study: s.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes})
	}
	l.clock = l.clock.Add(time.Hour)
	record := store.Study{Study: s.Name, YAML: s.YAML, Select: s.Select, Set: s.Set, At: l.clock}
	if err := l.db.PutStudy(context.Background(), record, rows, members); err != nil {
		l.t.Fatal(err)
	}
	for _, d := range l.data {
		if err := l.db.PutDataset(context.Background(), d); err != nil {
			l.t.Fatal(err)
		}
	}
}

// ended is what became of a run.
type ended struct {
	wrong  []bool // of the test examples; nil: no outputs are stored
	error  float64
	status store.Status // "" for done
	digest string       // "" for one of its own
}

// trains ends the runs that are pending, at most so many.
func (l *lab) trains(most int, what func(cell string, s study.Seeds) ended) {
	l.t.Helper()
	runs, err := l.db.Runs(context.Background(), "lab")
	if err != nil {
		l.t.Fatal(err)
	}
	l.clock = l.clock.Add(time.Hour)
	var results []store.Result
	for _, r := range runs {
		if r.Status != store.Pending || len(results) == most {
			continue
		}
		e := what(r.Label, study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder})
		r.Status, r.Digest, r.Finished, r.Started = store.Done, e.digest, l.clock, l.clock
		if e.status != "" {
			r.Status = e.status
		}
		if e.digest == "" {
			r.Digest = r.ID
		}
		result := store.Result{}
		if e.wrong != nil {
			e.error = 0
			for _, w := range e.wrong {
				row := make([]float32, l.data["set"].Out) // of equal ones the first is the answer
				if w {
					e.error += 1 / float64(len(e.wrong))
					row[1] = 1
				}
				result.Outputs = append(result.Outputs, row...)
			}
		}
		m := store.Metrics{Loss: known(e.error), Error: known(e.error)}
		if e.wrong != nil { // the softmax of equal logits, and of 0 and 1
			m.NLL = known((1-e.error)*math.Log(2) + e.error*math.Log(1+math.E))
		}
		r.Train, r.Valid, r.Test = m, m, m
		result.Run = r
		results = append(results, result)
	}
	if err := l.db.Finish(context.Background(), results...); err != nil {
		l.t.Fatal(err)
	}
}

func known(v float64) store.Number { return store.Number{V: v, Valid: true} }

// verdicts holds the newest claims against what is there.
func (l *lab) verdicts() []Verdict {
	l.t.Helper()
	r, err := Read(context.Background(), l.db, "lab")
	if err != nil {
		l.t.Fatal(err)
	}
	all, err := r.Verdicts(context.Background(), l.study)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// is fails the test where a verdict is another or does not say some words.
func (l *lab) is(v Verdict, want Outcome, words ...string) {
	l.t.Helper()
	said := strings.Join(append([]string{v.Sentence, v.Because, v.Unit}, v.Warnings...), "\n")
	for _, w := range words {
		if !strings.Contains(said, w) {
			l.t.Errorf("%s: nothing of %q in\n%s", v.Claim, w, said)
		}
	}
	if v.Outcome != want {
		l.t.Errorf("%s: %s, want %s:\n%s", v.Claim, v.Outcome, want, said)
	}
}

// noise is a normal number that belongs to some names, the same in every order.
func noise(names ...any) float64 {
	h := fnv.New64a()
	fmt.Fprint(h, names...)
	return rand.New(rand.NewPCG(h.Sum64(), 7)).NormFloat64()
}

// some is a list of test examples of which so many are wrong, the first ones.
func some(wrong, of int) []bool {
	all := make([]bool, of)
	for i := range wrong {
		all[i] = true
	}
	return all
}
