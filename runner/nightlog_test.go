package runner

import (
	"context"
	"testing"
	"time"

	"nightshift/internal/store"
)

func TestNightsAreRecordedWithTheirForecast(t *testing.T) {
	c := small(t, "xor")
	one, two := studyOf("one", 2, c), studyOf("two", 3, c, withLR(c, 0.5)) // two has the runs of one, too
	db := openDB(t)
	now := time.Unix(1000, 0)
	o := Options{Workers: 1, Now: func() time.Time { now = now.Add(time.Second); return now }}
	m, err := newModel(db, one)
	check(t, err)
	foreseen := m.Forecast(o, one)
	s, err := Night(ctx, db, []Study{one}, o)
	check(t, err)
	nights, err := db.Nights(ctx, "one")
	check(t, err)
	equal(t, "nights of one", nights, []store.Night{{
		Study: "one", Started: time.Unix(1001, 0).UTC(), Finished: time.Unix(1001,
			0).Add(s.Elapsed).UTC(), Workers: 1, Trained: 2,
		Forecast: foreseen.Wall.Seconds(), Low: foreseen.Low.Seconds(), High: foreseen.High.Seconds(), Seconds: s.Elapsed.Seconds(),
	}})

	for range 2 { // the second has nothing to train
		_, err = Night(ctx, db, []Study{one, two}, o)
		check(t, err)
	}
	for name, want := range map[string][]int{"one": {2}, "two": {4}} {
		nights, err := db.Nights(ctx, name)
		check(t, err)
		var trained []int
		for _, n := range nights {
			trained = append(trained, n.Trained)
		}
		equal(t, name, trained, want)
	}
}

// TestStoppedNightHasNoForecast: its time cannot be held against it.
func TestStoppedNightHasNoForecast(t *testing.T) {
	db := openDB(t)
	stopping, stop := context.WithCancel(ctx)
	defer stop()
	long := small(t, "xor")
	long.Epochs = 1_000_000
	_, err := Night(stopping, db, []Study{studyOf("s", 1, small(t, "xor"), long)}, Options{Workers: 1, Observe: func(e Event) {
		if e.Kind == Trained && e.Of == long.Epochs {
			stop()
		}
	}})
	check(t, err)
	nights, err := db.Nights(ctx, "s")
	check(t, err)
	if len(nights) != 1 || nights[0].Trained != 1 || nights[0].Forecast != 0 {
		t.Errorf("%+v", nights)
	}
}
