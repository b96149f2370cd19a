package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"nightshift/internal/file"
	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

func (a *app) printSummary(s runner.Summary) {
	if s.Trained == 0 && s.Remaining == 0 && s.Failed == 0 {
		if s.Total == 0 {
			fmt.Fprintln(a.out, "nothing to train: no run of the study was asked for")
		} else {
			fmt.Fprintf(a.out, "nothing to train: all %s are in the database\n", number.Count(s.Total, "run"))
		}
		a.printClaims(s.Claims)
		return
	}
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.Done, "done")
	add(s.Diverged, "diverged")
	add(s.Pruned, "pruned")
	add(s.Failed, "failed")
	add(s.Waiting, "at the end of the round")
	add(s.Remaining, "left")
	add(s.Reused, "reused from the database")
	fmt.Fprintf(a.out, "%s: %s in %s\n", number.Count(s.Total, "run"), strings.Join(parts, ", "),
		s.Elapsed.Round(100*time.Millisecond))
	a.printClaims(s.Claims)
	if s.Backfilled > 0 {
		fmt.Fprintf(a.out, "%s had a result already, but not the weights that keep: asks for; the result stays as it was\n",
			number.Count(s.Backfilled, "run"))
	}
	if s.Reopened > 0 {
		fmt.Fprintf(a.out, "%s had been pruned and went further, from the start\n", number.Count(s.Reopened, "run"))
	}
}

// printClaims says how far the claims of studies are that go on until these are decided.
func (a *app) printClaims(c night.Claims) {
	if text := c.String(); text != "" {
		fmt.Fprintln(a.out, text)
	}
}

// printKept says which runs stay with the studies although what was run does not have them.
func (a *app) printKept(ctx context.Context, db *store.DB, plan []runner.Study) error {
	for _, s := range plan {
		members, err := db.StudyRuns(ctx, s.Name)
		if err != nil {
			return err
		}
		kept := 0
		for _, m := range members {
			if m.Former {
				kept++
			}
		}
		if kept > 0 {
			fmt.Fprintf(a.out, "study %s keeps %s of its earlier versions: %d in all (nightshift rm takes runs out)\n", s.Name,
				number.Count(kept, "run"), len(members))
		}
	}
	return nil
}

// outcome turns how the night went into the command's exit code.
func (a *app) outcome(ctx context.Context, s runner.Summary, resume string) error {
	switch {
	case a.asksRequeue(ctx) && s.Remaining > 0:
		return exit{exitRequeue, fmt.Errorf("warned by USR1 with %s left, and to be started again: %s",
			number.Count(s.Remaining, "run"), resume)}
	case ctx.Err() != nil && s.Remaining > 0:
		return exit{exitInterrupted, fmt.Errorf("interrupted with %s left; go on with: %s", number.Count(s.Remaining, "run"),
			resume)}
	case s.Deadline:
		return exit{exitDeadline, fmt.Errorf("the night is over with %s left; go on with: %s", number.Count(s.Remaining, "run"),
			resume)}
	case s.Failed > 0:
		var lines []error
		for i, failure := range s.Failures {
			if i == 5 {
				lines = append(lines, fmt.Errorf("... and %d more", len(s.Failures)-i))
				break
			}
			lines = append(lines, fmt.Errorf("  %s %s: %s", study.ShortID(failure.ID), failure.Label, failure.Reason))
		}
		return exit{exitFailed, fmt.Errorf("%s failed (nightshift show RUN tells more):\n%w",
			number.Count(s.Failed, "run"), errors.Join(lines...))}
	}
	return nil
}

// resumeCommand is the command that goes on where this one has stopped; when it has to
// stop itself is to be said anew.
func resumeCommand(cmd *cobra.Command, args []string) string {
	words := append([]string{cmd.CommandPath()}, args...)
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		switch {
		case f.Name == "for" || f.Name == "until":
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name)
		default:
			for _, v := range values {
				words = append(words, "--"+f.Name, v)
			}
		}
	})
	for i, w := range words[1:] {
		words[i+1] = file.ShellWord(w)
	}
	return strings.Join(words, " ")
}
