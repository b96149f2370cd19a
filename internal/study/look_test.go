package study_test

import (
	"errors"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

// TestLoadOn: what only the data can tell is refused at the line that says it.
func TestLoadOn(t *testing.T) {
	table := dataset.About{In: 2, Out: 3, Train: 10, Test: 3}
	for _, c := range []struct {
		name, base, want string
		about            dataset.About
		err              error
	}{
		{name: "nothing", base: "{epochs: 1}", about: table},
		{name: "class weights", base: "{class_weights: [1, 2]}", about: table,
			want: "s.yaml:3:23: class_weights are 2 for 3 classes; give one for each class"},
		{name: "one class", base: "{epochs: 1}", about: dataset.About{In: 1, Out: 1, Train: 5},
			want: "s.yaml:2:13: output has 1 unit, but classes can only be told apart by 2 or more"},
		{name: "unreadable", base: "{epochs: 1}", err: errors.New("there is no such file"),
			want: "s.yaml:2:24: there is no such file"},
		{name: "empty", base: "{epochs: 1}", about: dataset.About{In: 1, Out: 2, Test: 3},
			want: "s.yaml:2:13: the training split is empty"},
		{name: "last batch", base: "{batch_norm: true, batch: 3}", about: table,
			want: "s.yaml:3:33: batch is 3, so the last batch of 10 training examples has 1, and batch_norm needs at least 2 to have " +
				"a variance; change batch or data.train"},
		{name: "no last batch", base: "{batch_norm: true, batch: 5}", about: table},
		{name: "larger than the data", base: "{batch_norm: true, batch: 32}", about: table},
		{name: "one example", base: "{batch_norm: true, batch: full}", about: dataset.About{In: 1, Out: 2, Train: 1},
			want: "s.yaml:3:33: batch is 1, so the last batch of 1 training examples has 1, and batch_norm needs at least 2 to have " +
				"a variance; change batch or data.train"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "study: s\ndata: {set: csv, path: t.csv}\nbase: " + c.base + "\n"
			look := func(s dataset.Spec) (dataset.About, error) { return c.about, c.err }
			_, err := study.LoadOn(look, "s.yaml", []byte(text), nil, nil)
			if got := errorText(err); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
