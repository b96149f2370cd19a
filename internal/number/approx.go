package number

import (
	"strings"
	"time"
)

// Approx writes a time that is only estimated: no seconds beside hours.
func Approx(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
