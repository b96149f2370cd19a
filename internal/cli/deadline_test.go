package cli

import (
	"strings"
	"testing"
	"time"
)

func TestDeadline(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, test := range []struct {
		length, clock, now, want string
	}{
		{"8h", "", "2026-11-24 22:00", "2026-11-25 06:00"},
		{"1h30m", "", "2026-11-24 22:00", "2026-11-24 23:30"},
		{"", "23:30", "2026-11-24 22:00", "2026-11-24 23:30"},
		{"", "07:00", "2026-11-24 22:00", "2026-11-25 07:00"},
		{"", "7:00", "2026-12-31 22:00", "2027-01-01 07:00"},
		{"", "22:00", "2026-11-24 22:00", "2026-11-25 22:00"},
		{"", "07:00", "2026-10-24 22:00", "2026-10-25 07:00"}, // ten hours: clocks are put back
	} {
		got, err := deadline(test.length, test.clock, at(test.now))
		if err != nil || !got.Equal(at(test.want)) {
			t.Errorf("--for %q --until %q at %s: %v, %v; want %s", test.length, test.clock, test.now, got, err, test.want)
		}
	}
	if got, err := deadline("", "", at("2026-11-24 22:00")); err != nil || !got.IsZero() {
		t.Errorf("without a deadline: %v, %v", got, err)
	}
	for _, test := range []struct{ length, clock, want string }{
		{"8", "", "like 8h"},
		{"-1h", "", "no time"},
		{"0s", "", "no time"},
		{"eight hours", "", "like 8h"},
		{"", "7", "like 07:00"},
		{"", "25:00", "like 07:00"},
		{"", "07:60", "like 07:00"},
		{"8h", "07:00", "one of them"},
	} {
		if _, err := deadline(test.length, test.clock, at("2026-11-24 22:00")); err == nil ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("--for %q --until %q: %v; want %q in it", test.length, test.clock, err, test.want)
		}
	}
}
