package cli

import (
	"fmt"
	"time"
)

// deadline is when a night has to be over: so long from now, or the next time
// that a clock here shows a time of day. It is zero where neither is given.
func deadline(length, clock string, now time.Time) (time.Time, error) {
	switch {
	case length != "" && clock != "":
		return time.Time{}, fmt.Errorf("--for and --until both say when the night is over; give one of them")
	case length != "":
		d, err := time.ParseDuration(length)
		if err != nil {
			return time.Time{}, fmt.Errorf("--for %q is no length of time; write it like 8h, 90m or 1h30m", length)
		}
		if d <= 0 {
			return time.Time{}, fmt.Errorf("--for %s leaves no time to train anything", length)
		}
		return now.Add(d), nil
	case clock != "":
		t, err := time.Parse("15:04", clock)
		if err != nil {
			return time.Time{}, fmt.Errorf("--until %q is no time of day; write it like 07:00 or 23:30", clock)
		}
		until := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, now.Location())
		if !until.After(now) {
			until = time.Date(now.Year(), now.Month(), now.Day()+1, t.Hour(), t.Minute(), 0, 0, now.Location())
		}
		return until, nil
	}
	return time.Time{}, nil
}
