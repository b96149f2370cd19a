package serve

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report"
)

// maxRunning is how many runs that are trained are named one by one.
const maxRunning = 16

// estimate asks package night, as status does, for the time that is left, where enough of it has passed since it was asked last.
func (s *Server) estimate(ctx context.Context) {
	left, began := &s.database.left, s.o.Now()
	left.stale = left.stale || left.at.IsZero() || s.database.going() && began.Sub(left.at) > time.Minute
	if !left.stale || !left.due(began) {
		return
	}
	known, _, err := night.ReadStored(ctx, s.database.db, func(of night.Stored) bool { return of.Open() }, began, night.Lease)
	if err != nil {
		return // the next look tells
	}
	agenda := known.Agenda(false, known.Studies...)
	left.stale = false
	left.left, left.at = agenda.TimeLeft(s.o.Work, began), began
	left.atLeast = agenda.Sequential.Claims().Open > 0
	left.claims = map[string]string{}
	for _, of := range known.Studies {
		if claims, ok := agenda.Sequential.ClaimsOf(of.Name); ok {
			left.claims[of.Name] = claims.String()
		}
	}
	left.took(began, s.o.Now(), s.database.pause())
}

// words says how far a study is.
func (s *source) words(one *shown, now time.Time) report.Night {
	n := report.Night{}
	count := map[store.Status]int{}
	for run, id := range one.live.Runs {
		state := s.states[id]
		count[state.Status]++
		if state.Status == store.Running {
			n.Running = append(n.Running, fmt.Sprintf("%s: epoch %d of %d", one.live.Label(run), state.Epochs, one.live.Epochs(run)))
		}
	}
	if more := len(n.Running) - maxRunning; more > 0 {
		n.Running = append(n.Running[:maxRunning], fmt.Sprintf("and %d more", more))
	}
	open := count[store.Pending] + count[store.Running] + count[store.Interrupted]
	n.Runs = len(one.live.Runs)
	n.Over = n.Runs - open
	n.Counts = fmt.Sprintf("%d of %s are over%s.", n.Over, number.Count(n.Runs, "run"), besides(count))
	switch {
	case open == 0:
		n.State = "All that was planned is over."
	case count[store.Running] > 0:
		n.State, n.Left = "Training.", s.left.words(now)
	case s.going():
		n.State, n.Left = "Waiting: other runs are trained now.", s.left.words(now)
	default:
		n.State = "Nobody is training now."
		n.Notes = append(n.Notes, "What is over is kept, and the same command goes on with the rest: "+one.live.Command())
	}
	if claims := s.left.claims[one.name]; claims != "" {
		n.Notes = append(n.Notes, claims+".")
	}
	if one.problem != "" {
		n.Notes = append(n.Notes, "The page cannot be made: "+one.problem)
	}
	for _, o := range s.owners {
		if !o.Alive && open > 0 {
			n.Notes = append(n.Notes, fmt.Sprintf("Process %d on %s %s, last heard of at %s; what it held is trained on from its last "+
				"checkpoint.", o.PID, o.Host, o.State(), o.Seen.Local().Format("15:04:05")))
		}
	}
	return n
}

// besides counts the runs that came to no result like the others.
func besides(count map[store.Status]int) string {
	text := ""
	for _, s := range []store.Status{store.Diverged, store.Pruned, store.Failed} {
		if count[s] > 0 {
			text += fmt.Sprintf(", %d %s", count[s], s)
		}
	}
	return text
}

// words says the time that is left by now.
func (l timeLeft) words(now time.Time) string {
	left := l.left - now.Sub(l.at)
	switch {
	case l.left == 0:
		return ""
	case left < time.Second:
		return "Nearly over."
	case l.atLeast:
		return "At least about " + number.Approx(left) + " left."
	}
	return "About " + number.Approx(left) + " left."
}
