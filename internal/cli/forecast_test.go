package cli

import (
	"strings"
	"testing"
	"time"

	"nightshift/internal/cost"
)

func TestForecastInWords(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		wall, low, high time.Duration
		want            string
	}{
		{100 * ms, 10 * ms, 1500 * ms, "100ms (at most 1.5s), over"},
		{20 * ms, 10 * ms, 30 * ms, "100ms or less, over"},
		{20 * ms, 10 * ms, 300 * ms, "100ms or less (at most 300ms), over"},
		{20 * ms, 10 * ms, 100 * ms, "100ms or less, over"},
		{3 * time.Second, 2 * time.Second, 90 * time.Second, "3s (2s to 1m30s), over"},
	} {
		if got := newForecast(cost.Forecast{Wall: test.wall, Low: test.low, High: test.high},
			time.Now()).String(); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
