package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"nightshift/internal/store"
)

// values are those that a table may hold and a format may lose.
var values = Table{
	Columns: []Column{{"text", Text}, {"optimizer.momentum", Real}, {"a,b", Integer}, {"=sum", Logical}},
	Rows: func(_ context.Context, yield func([]any) error) error {
		for _, row := range [][]any{
			{"plain", 0.1, int64(1), true},
			{`quote " and , and` + "\nline", math.NaN(), int64(math.MaxInt64), false},
			{"=1+1", math.Inf(1), int64(-1), nil},
			{"−é✓", math.Inf(-1), nil, nil},
			{nil, nil, nil, nil},
		} {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	},
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := values.CSV(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"text", "optimizer.momentum", "a,b", "'=sum"},
		{"plain", "0.1", "1", "true"},
		{"quote \" and , and\nline", "NaN", "9223372036854775807", "false"},
		{"'=1+1", "+Inf", "-1", ""},
		{"−é✓", "-Inf", "", ""},
		{"", "", "", ""},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestJSONL(t *testing.T) {
	var b bytes.Buffer
	if err := values.JSONL(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	for line := range strings.Lines(b.String()) {
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		var row map[string]any
		if err := d.Decode(&row); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, row)
	}
	want := []map[string]any{
		{"text": "plain", "optimizer.momentum": json.Number("0.1"), "a,b": json.Number("1"), "=sum": true},
		{"text": "quote \" and , and\nline", "optimizer.momentum": "NaN", "a,b": json.Number("9223372036854775807"), "=sum": false},
		{"text": "=1+1", "optimizer.momentum": "+Inf", "a,b": json.Number("-1"), "=sum": nil},
		{"text": "−é✓", "optimizer.momentum": "-Inf", "a,b": nil, "=sum": nil},
		{"text": nil, "optimizer.momentum": nil, "a,b": nil, "=sum": nil},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Parquet is read back by the library's own reader, which goes by the schema in the file.
func TestParquet(t *testing.T) {
	var b bytes.Buffer
	if err := values.Parquet(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range f.Root().Columns() {
		if c.Name() != values.Columns[i].Name || !c.Optional() {
			t.Errorf("column %d is %s, optional %v", i, c.Name(), c.Optional())
		}
	}
	type row struct {
		Text     *string  `parquet:"text"`
		Momentum *float64 `parquet:"optimizer.momentum"`
		Sum      *bool    `parquet:"=sum"`
	}
	got, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(got) != 5 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if *got[0].Text != "plain" || *got[0].Momentum != 0.1 || !*got[0].Sum {
		t.Errorf("first row: %v", got[0])
	}
	if !math.IsNaN(*got[1].Momentum) || *got[1].Sum || !math.IsInf(*got[2].Momentum, 1) || !math.IsInf(*got[3].Momentum, -1) {
		t.Errorf("NaN and infinities: %v %v %v", *got[1].Momentum, *got[2].Momentum, *got[3].Momentum)
	}
	if got[4].Text != nil || got[4].Momentum != nil || got[4].Sum != nil || *got[3].Text != "−é✓" {
		t.Errorf("nulls: %v", got[4])
	}
}

// nightOf makes a database with a study of two cells: one run done, one diverged.
func nightOf(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "night.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	number := func(v float64) store.Number { return store.Number{V: v, Valid: true} }
	var runs []store.Run
	var members []store.StudyRun
	for i, lr := range []string{"0.5", "10"} {
		r := store.Run{ID: strings.Repeat(string(rune('a'+i)), 64), Cell: strings.Repeat(string(rune('c'+i)), 64), Label: "lr=" + lr,
			Status: store.Pending, SeedInit: 7, Config: json.RawMessage(`{"optimizer":{"name":"sgd"},"hidden":[4],"lr":` + lr + `}`),
			Data: "d"}
		runs = append(runs, r)
		members = append(members, store.StudyRun{Study: "night", RunID: r.ID, CellLabel: r.Label,
			Axes: json.RawMessage(`[{"axis":"lr","label":"` + lr + `","value":` + lr + `}]`)})
	}
	study := store.Study{Study: "night", YAML: "study: night\n", At: at}
	if err := db.PutStudy(t.Context(), study, runs, members); err != nil {
		t.Fatal(err)
	}
	for i, r := range runs {
		r.Status, r.Epochs, r.Seconds, r.Started, r.Finished = store.Done, 1, 2, at, at.Add(2*time.Second)
		r.Train.Loss, r.Test.Loss, r.Test.Error = number(0.25), number(0.5), number(0.125)
		if i == 1 {
			r.Status, r.Train.Loss = store.Diverged, number(math.NaN())
		}
		epochs := []store.Epoch{{Epoch: 0}, {Epoch: 1, Seconds: 2, Train: r.Train, Test: r.Test}}
		epochs[0].Train.Loss = number(1)
		if err := db.Finish(t.Context(), store.Result{Run: r, Epochs: epochs}); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestTablesOfAStudy(t *testing.T) {
	db := nightOf(t)
	runs, err := Runs(t.Context(), db, "night")
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	collect := func(of Table) {
		got = nil
		err := of.Rows(t.Context(), func(row []any) error {
			m := map[string]any{}
			for i, c := range of.Columns {
				m[c.Name] = row[i]
			}
			got = append(got, m)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	collect(runs)
	if len(got) != 2 || got[0]["lr"] != 0.5 || got[1]["lr"] != 10.0 || got[0]["test_error"] != 0.125 ||
		got[0]["seed_init"] != int64(7) ||
		got[1]["status"] != "diverged" || got[0]["started_at"] != "2026-01-02T03:04:05.000Z" || got[0]["valid_loss"] != nil {
		t.Errorf("runs: %v", got)
	}
	epochs, err := Epochs(t.Context(), db, "night")
	if err != nil {
		t.Fatal(err)
	}
	collect(epochs)
	if len(got) != 6 || got[0]["split"] != "train" || got[2]["split"] != "test" || got[2]["error"] != 0.125 ||
		got[2]["epoch"] != int64(1) || !math.IsNaN(got[4]["loss"].(float64)) {
		t.Errorf("epochs: %v", got)
	}
}

// Folders of other programs.
func TestTrackers(t *testing.T) {
	db := nightOf(t)
	dir := t.TempDir()
	if n, err := TensorBoard(t.Context(), db, "night", filepath.Join(dir, "tb")); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "tb", "lr=0.5", "data0-init7-order0-aaaaaaaa", "train", "events.out.tfevents.*"))
	if len(found) != 1 {
		t.Fatalf("event files: %q", found)
	}
	read := readEvents(t, found[0])
	if len(read) != 3 || read[0].version != "brain.Event:2" || read[1].scalars["loss"] != 1 || read[2].scalars["loss"] != 0.25 ||
		read[2].step != 1 {
		t.Errorf("%+v", read)
	}
	found, _ = filepath.Glob(filepath.Join(dir, "tb", "lr=10", "data0-init7-order0-bbbbbbbb", "events.out.tfevents.*"))
	read = readEvents(t, found[0])
	if read[1].plugin != "hparams" || read[1].tag != "_hparams_/session_start_info" ||
		!bytes.Contains(read[1].content, []byte("lr=10")) {
		t.Errorf("%+v", read)
	}

	if n, err := MLflow(t.Context(), db, "night", filepath.Join(dir, "ml")); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	run, _ := filepath.Glob(filepath.Join(dir, "ml", "*", strings.Repeat("b", 32)))
	if len(run) != 1 {
		t.Fatalf("%q", run)
	}
	for name, want := range map[string]string{
		"params/axis.lr": "10", "params/optimizer.name": "sgd", "params/seed.init": "7", "tags/nightshift.status": "diverged",
		"metrics/train_loss": "1767323045000 1 0\n1767323047000 NaN 1\n", "metrics/test_error": "1767323047000 0.125 1\n",
	} {
		if got, err := os.ReadFile(filepath.Join(run[0], name)); string(got) != want {
			t.Errorf("%s: %q, want %q (%v)", name, got, want, err)
		}
	}
	var meta map[string]any
	text, _ := os.ReadFile(filepath.Join(run[0], "meta.yaml"))
	if err := json.Unmarshal(text, &meta); err != nil || meta["status"] != 4.0 || meta["end_time"] != 1767323047000.0 {
		t.Errorf("%s %v", text, err)
	}
}
