package cost

import (
	"strings"
	"testing"
	"time"

	"nightshift/internal/study"
)

func TestBudgetOfTime(t *testing.T) {
	s := &study.Study{Name: "x"}
	f := Forecast{Runs: 7, Wall: 2 * time.Hour, Low: time.Hour, High: 4 * time.Hour}
	if err := f.Over(s); err != nil {
		t.Errorf("without a budget: %v", err)
	}
	s.Wall = 2 * time.Hour
	if err := f.Over(s); err != nil {
		t.Errorf("within the budget: %v", err)
	}
	s.Wall--
	err := f.Over(s)
	if err == nil || !strings.Contains(err.Error(), "7 runs are forecast to take 2h0m0s (1h0m0s to 4h0m0s)") {
		t.Errorf("over the budget: %v", err)
	}
}
