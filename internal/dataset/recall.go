package dataset

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// recorded is a spec as a database keeps it.
type recorded struct {
	Spec
	Folders []string `json:"folders,omitempty"`
}

// Record is a spec as a database keeps it: with the absolute folders in which its
// files are looked for, for a time when they are not known otherwise. They are no
// part of the identity.
func (f *Files) Record(s Spec) (json.RawMessage, error) {
	r := recorded{Spec: s}
	if set, ok := lookup(s.Set); ok && set.read != nil {
		for _, dir := range f.looksIn(s) {
			if at, err := filepath.Abs(dir); err == nil {
				if _, err := os.Stat(at); err == nil {
					r.Folders = append(r.Folders, at)
				}
			}
		}
	}
	return json.Marshal(r)
}

// Recall is the spec of a run whose files are looked for where they were, too,
// after all other places.
func Recall(s Spec, record json.RawMessage) Spec {
	var r recorded
	if json.Unmarshal(record, &r) == nil {
		s.Last = NewList(r.Folders...)
	}
	return s
}
