package slurm

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Limit reads a time limit: as Slurm writes one (minutes, minutes:seconds, hours:minutes:seconds, days-hours with minutes and
// seconds or without), or as Go does (8h, 90m).
func Limit(text string) (time.Duration, error) {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	m := slurmLimit.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no time limit; write 90 (minutes), 1:30:00 (hours, minutes, seconds), 2-12 (days-hours) "+
			"or 8h", text)
	}
	n := func(i int) time.Duration {
		v, _ := strconv.Atoi(m[i]) // digits, or nothing
		return time.Duration(v)
	}
	var d time.Duration
	switch {
	case m[1] != "": // days-hours[:minutes[:seconds]]
		d = n(1)*24*time.Hour + n(2)*time.Hour + n(3)*time.Minute + n(4)*time.Second
	case m[7] != "": // hours:minutes:seconds
		d = n(5)*time.Hour + n(6)*time.Minute + n(7)*time.Second
	default: // minutes[:seconds]
		d = n(5)*time.Minute + n(6)*time.Second
	}
	if d <= 0 {
		return 0, fmt.Errorf("%q is no time at all", text)
	}
	return d, nil
}

var slurmLimit = regexp.MustCompile(`^(?:(\d{1,4})-(\d{1,6})(?::(\d{1,6})(?::(\d{1,6}))?)?|` +
	`(\d{1,6})(?::(\d{1,6})(?::(\d{1,6}))?)?)$`)

// limitText writes a limit as Slurm reads it, in whole minutes.
func limitText(d time.Duration) string {
	minutes := int((d + time.Minute - 1) / time.Minute)
	return fmt.Sprintf("%d-%02d:%02d:00", minutes/(24*60), minutes/60%24, minutes%60)
}

// longestWarning is how long before its limit a task is warned. Slurm looks at limits twice a minute, and a checkpoint has
// to be written and copied.
const longestWarning = 2 * time.Minute

// warning is how long before a limit a task is warned: a quarter of it where that is less. Without a limit of its own a job
// has the partition's, which may be short, too.
func warning(limit time.Duration) time.Duration {
	if limit == 0 {
		return longestWarning
	}
	return min(longestWarning, limit/4)
}
