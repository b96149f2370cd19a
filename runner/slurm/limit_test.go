package slurm

import (
	"testing"
	"time"
)

// As the manual of sbatch has them: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes and
// days-hours:minutes:seconds.
func TestLimit(t *testing.T) {
	for text, want := range map[string]struct {
		limit time.Duration
		slurm string
	}{
		"90": {90 * time.Minute, "0-01:30:00"}, "1:30": {90 * time.Second, "0-00:02:00"}, "1:30:00": {90 * time.Minute, "0-01:30:00"},
		"2-12": {60 * time.Hour, "2-12:00:00"}, "0-0:5": {5 * time.Minute, "0-00:05:00"},
		"1-02:03:04": {26*time.Hour + 3*time.Minute + 4*time.Second, "1-02:04:00"},
		"8h":         {8 * time.Hour, "0-08:00:00"}, "90m": {90 * time.Minute, "0-01:30:00"}, "36h": {36 * time.Hour, "1-12:00:00"},
	} {
		got, err := Limit(text)
		if err != nil || got != want.limit || limitText(got) != want.slurm {
			t.Errorf("%s is %v (%s), %v, want %v (%s)", text, got, limitText(got), err, want.limit, want.slurm)
		}
	}
	for _, text := range []string{"", "soon", "0", "-5", "1:2:3:4", "1-", "2d", "1 h", "99999999999999999999", "1-1-1", "0:00",
		"99999-0", "999999-999999",
	} {
		if got, err := Limit(text); err == nil {
			t.Errorf("%q is %v without an error", text, got)
		}
	}
}

func TestWarning(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{
		0: 2 * time.Minute, time.Minute: 15 * time.Second, 8 * time.Minute: 2 * time.Minute, time.Hour: 2 * time.Minute,
	} {
		if got := warning(limit); got != want {
			t.Errorf("a task of %v is warned %v before, want %v", limit, got, want)
		}
	}
}

// What sinfo says of partitions: the one that is asked for may have several kinds of nodes, or be several; the usual one is
// marked.
func TestLongestLimit(t *testing.T) {
	for _, c := range []struct {
		partition, said string
		want            time.Duration
	}{
		{"", "short|1:00:00\nmain*|2-00:00:00\nmain*|2-00:00:00\n", 48 * time.Hour}, {"short", "short|30:00\n", 30 * time.Minute},
		{"short,long", "short|30:00\nlong|1-12:00:00\n", 36 * time.Hour}, {"", "main*|infinite\n", 0}, {"nope", "", 0},
	} {
		pretend(t, map[string]string{"sinfo": "printf '" + c.said + "'"})
		if got, err := (Client{}).LongestLimit(t.Context(), c.partition); err != nil || got != c.want {
			t.Errorf("partition %q has %v, %v, want %v", c.partition, got, err, c.want)
		}
	}
}
