package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/study"
)

// training is a run that is being trained, as a line.
type training struct {
	id, label string
	seeds     study.Seeds
	epoch, of int     // of is 0 where it is not known
	loss      float64 // of the training split; 0 before it is known
}

// line fits the run into a width: the numbers stay, the label gives way.
func (r training) line(width int) string {
	if r.id == "" {
		return ""
	}
	epoch := fmt.Sprint(r.epoch)
	if r.of > 0 {
		epoch += fmt.Sprintf("/%d", r.of)
	}
	loss := ""
	if r.loss != 0 {
		loss = fmt.Sprintf("%.3g", r.loss)
	}
	numbers := fmt.Sprintf("  seed %-3s  epoch %9s  loss %8s", seed(r.seeds), epoch, loss)
	if width < 70 {
		numbers = fmt.Sprintf(" s%-2s %7s %8s", seed(r.seeds), epoch, loss)
	}
	room := max(0, width-text.StringWidth(numbers))
	return fit(text.Pad(fit(r.label, room), room, ' ')+numbers, width)
}

// seed names a run's seeds by what tells it from the others of its cell: that of
// the weights, and where it is not the same that of the order, and of the data.
func seed(s study.Seeds) string {
	name := fmt.Sprint(s.Init)
	if s.Order != s.Init {
		name += fmt.Sprintf("/%d", s.Order)
	}
	if s.Data != 0 {
		name = fmt.Sprintf("%d:%s", s.Data, name)
	}
	return name
}

// total is how far a night is, as a line.
type total struct {
	over, runs       int // runs that are, and all that the night has to train
	diverged, pruned int
	failed           int
	claims           night.Claims
	part             float64       // of the work that is over, 0 to 1
	timeLeft         time.Duration // 0 where it is not known
	at               time.Time     // now, if it is to be said when the night is over
	rate             float64       // epochs per second, 0 where it is not known
	stopping         bool
}

// parts says how far the night is, in parts; the most important first.
func (t total) parts() []string {
	parts := []string{fmt.Sprintf("%d/%d runs", t.over, t.runs)}
	if t.stopping {
		return append(parts, "stopping; Ctrl-C again stops at once")
	}
	if t.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", t.failed))
	}
	if t.timeLeft > 0 {
		parts = append(parts, atLeast(t.claims)+"about "+number.Approx(t.timeLeft)+" left")
	}
	if claims := t.claims.String(); claims != "" {
		parts = append(parts, claims)
	}
	if t.diverged > 0 {
		parts = append(parts, fmt.Sprintf("%d diverged", t.diverged))
	}
	if t.pruned > 0 {
		parts = append(parts, fmt.Sprintf("%d pruned", t.pruned))
	}
	if t.timeLeft > 0 && !t.at.IsZero() && t.claims.Open == 0 {
		parts = append(parts, "over at "+t.at.Add(t.timeLeft).Format("15:04"))
	}
	if t.rate > 0 {
		parts = append(parts, fmt.Sprintf("%.3g epochs/s", t.rate))
	}
	return parts
}

// atLeast says that open claims may take more time than is known.
func atLeast(c night.Claims) string {
	if c.Open > 0 {
		return "at least "
	}
	return ""
}

func (t total) String() string { return strings.Join(t.parts(), ", ") }

const (
	shortestBar = 8
	longestBar  = 24
)

// line fits as many parts as there is room for, and a bar before them, into a width.
func (t total) line(width int) string {
	parts := t.parts()
	words := strings.Join(parts, ", ")
	for len(parts) > 1 && text.StringWidth(words) > width {
		parts = parts[:len(parts)-1]
		words = strings.Join(parts, ", ")
	}
	bar := min(longestBar, width-text.StringWidth(words)-1)
	if bar < shortestBar {
		return fit(words, width)
	}
	full := min(bar, max(0, int(t.part*float64(bar))))
	return strings.Repeat("━", full) + strings.Repeat("─", bar-full) + " " + words
}
