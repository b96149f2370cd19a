package dataset

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// A recorded spec finds its files again when nothing else says where they are, after all other places.
func TestRecall(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "study", "t.csv"), []byte("1,a\n2,b\n3,a\n4,b\n5,a\n"))
	write(t, filepath.Join(dir, "other", "t.csv"), []byte("1,2,a\n2,3,b\n3,4,a\n4,5,b\n5,6,a\n"))
	s := Spec{Set: "csv", Path: "t.csv", Scale: "none", Dir: filepath.Join(dir, "study")}
	record, err := NewFiles(nil).Record(s)
	if err != nil {
		t.Fatal(err)
	}
	var plain Spec
	if err := json.Unmarshal(record, &plain); err != nil || plain.Path != "t.csv" {
		t.Errorf("%s is no spec: %v", record, err)
	}
	s.Dir = ""
	if d, err := NewFiles(nil).Load(Recall(s, record), 0); err != nil || d.In != 1 {
		t.Errorf("not found again: %v", err)
	}
	if d := mustLoad(t, Recall(s, record), 0, []string{filepath.Join(dir, "other")}); d.In != 2 {
		t.Errorf("the folder of an earlier time comes first: %d inputs", d.In)
	}
	before, _ := fingerprint(Spec{Set: "csv", Path: "t.csv", Scale: "none", Dir: filepath.Join(dir, "study")}, nil)
	if after, err := fingerprint(Recall(s, record), nil); err != nil || after != before {
		t.Errorf("fingerprint %q, then %q: %v", before, after, err)
	}
	if record, err := NewFiles(nil).Record(Spec{Set: "xor"}); err != nil || strings.Contains(string(record), "folders") {
		t.Errorf("%s: %v", record, err)
	}
}
