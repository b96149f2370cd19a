package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

// shareFlags say which of the runs of studies a process trains.
type shareFlags struct {
	shard string // i/n
	only  string // a file with the identities of runs
	round int    // of a study whose runs depend on the results of others; 0 for all of the study
	from  string // database that is begun from
}

func (f *shareFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.shard, "shard", "", "the i-th of n shares of about equal cost: 3/8 (docs/cluster.md)")
	c.Flags().StringVar(&f.only, "only", "", "file with the identities of the runs that are seen to, one a line")
	c.MarkFlagFilename("only")
	c.Flags().IntVar(&f.round, "round", 0, "one round of a study with prune or until: decided, by what --from holds of those "+
		"before it")
	c.Flags().StringVar(&f.from, "from", "", "database whose results and checkpoints of these runs are begun with; it is only read")
	c.MarkFlagFilename("from", "db")
}

// given says whether not all runs are seen to.
func (f shareFlags) given() bool { return f.shard != "" || f.only != "" || f.round != 0 }

// part gives the studies with the runs that the flags choose: of all, of those of a round, or of those that a file names, a
// share.
func (f shareFlags) part(ctx context.Context, plan []runner.Study, sources *runner.Sources) ([]runner.Study, error) {
	if !f.given() {
		return plan, nil
	}
	i, n, err := shardOf(f.shard)
	if err != nil {
		return nil, usage(err)
	}
	if f.round != 0 {
		return f.ofRound(ctx, plan, sources, i, n)
	}
	for _, s := range plan {
		if err := sharable(s.Study); err != nil {
			return nil, usage(err)
		}
	}
	members, err := runner.Members(plan, sources)
	if err == nil {
		members, err = f.chosen(members)
	}
	if err != nil {
		return nil, err
	}
	return runner.Share(plan, runner.Shares(members, n)[i-1]), nil
}

// ofRound is part for a round of one study.
func (f shareFlags) ofRound(ctx context.Context, plan []runner.Study, sources *runner.Sources, i, n int) ([]runner.Study, error) {
	if len(plan) != 1 {
		return nil,
			usage(fmt.Errorf("--round is of one study, and these are %d: have the rounds of each one after the other", len(plan)))
	}
	r, err := f.readRound(ctx, plan[0])
	if err != nil {
		return nil, err
	}
	members, err := runner.RoundMembers(plan[0], r, sources)
	if err == nil {
		members, err = f.chosen(members)
	}
	if err != nil {
		return nil, err
	}
	in := map[string]bool{}
	for _, m := range runner.Shares(members, n)[i-1] {
		in[m.ID] = true
	}
	return []runner.Study{r.Share(plan[0], func(id string) bool { return in[id] })}, nil
}

// readRound finds out what the round consists of.
func (f shareFlags) readRound(ctx context.Context, s runner.Study) (*runner.Round, error) {
	if f.round < 1 || f.round > night.Rounds(s.Study) {
		return nil, usage(fmt.Errorf("--round is %d; study %s has rounds 1 to %d", f.round, s.Name, night.Rounds(s.Study)))
	}
	if f.from == "" && f.round > 1 {
		return nil, usage(fmt.Errorf("--round %d needs --from with the database that the rounds before were merged into", f.round))
	}
	var db *store.DB
	if f.from != "" {
		var err error
		if db, err = store.OpenReadOnly(f.from); err != nil {
			return nil, err
		}
		defer db.Close()
	}
	known, err := night.Read(ctx, db, []runner.Study{s}, time.Now(), night.Lease)
	if err != nil {
		return nil, err
	}
	return known.Round(s, f.round)
}

// begin brings what --from holds of the runs of a plan into the database of a night.
func (f shareFlags) begin(ctx context.Context, db *store.DB, path string, plan []runner.Study) error {
	if f.from == "" || sameFile(f.from, path) {
		return nil
	}
	var ids []string
	for _, s := range plan {
		for i := range s.Runs {
			ids = append(ids, s.Runs[i].ID)
		}
	}
	_, err := store.MergeRuns(ctx, db, f.from, ids)
	return err
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	second, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(first, second)
}

// chosen gives the members that --only names; all without.
func (f shareFlags) chosen(members []runner.Member) ([]runner.Member, error) {
	if f.only != "" {
		ids, err := readIDs(f.only)
		if err != nil {
			return nil, usage(err)
		}
		if members, err = runner.Choose(members, ids); err != nil {
			return nil, usage(fmt.Errorf("--only %s: %w", f.only, err))
		}
	}
	return members, nil
}

// shardOf reads i/n; nothing is all.
func shardOf(text string) (i, n int, err error) {
	if text == "" {
		return 1, 1, nil
	}
	first, second, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	switch {
	case !ok || err1 != nil || err2 != nil:
		return 0, 0, fmt.Errorf("--shard is %q; it is i/n, the i-th of n shares, such as 3/8", text)
	case n < 1 || n > maxShards:
		return 0, 0, fmt.Errorf("--shard is %s; there are 1 to %d shares", text, maxShards)
	case i == 0:
		return 0, 0, fmt.Errorf("--shard is %s; shares are counted from 1: where a launcher counts from 0, add 1 "+
			"(--shard $((INDEX + 1))/%d)", text, n)
	case i < 1 || i > n:
		return 0, 0, fmt.Errorf("--shard is %s; of %s the first is 1/%d and the last %d/%d", text, number.Count(n, "share"), n, n, n)
	}
	return i, n, nil
}

// maxShards is the largest number of shares.
const maxShards = 1_000_000

// sharable refuses studies whose runs depend on the results of others.
func sharable(s *study.Study) error {
	switch {
	case s.Prune != nil:
		return fmt.Errorf("study %s has prune, which compares all of its cells: a share of it knows nothing of the others; "+
			"have it round by round (--round 1), or in one piece", s.Name)
	case s.Until != nil:
		return fmt.Errorf("study %s has seeds until its claims are decided, by all of its cells: a share of it knows nothing of "+
			"the others; have it round by round (--round 1), in one piece, or with --set seeds=N", s.Name)
	}
	return nil
}

// readIDs reads the identities of runs, one a line. Empty lines and what is behind a # are for people; the header of a table
// with nothing else is passed over.
func readIDs(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--only: %w", err)
	}
	var ids []string
	at := 0
	for line := range strings.Lines(string(text)) {
		at++
		id, _, _ := strings.Cut(line, "#")
		if id = strings.TrimSpace(id); id == "" || at == 1 && id == "id" {
			continue
		}
		if strings.Trim(id, "0123456789abcdef") != "" || len(id) != 64 {
			return nil, fmt.Errorf("--only %s:%d: %.80q is not the identity of a run, which has 64 hexadecimal digits "+
				"(id in the view runs, and in nightshift plan STUDY --runs --json)", path, at, id)
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("--only %s: %w", path, errors.New("it names no run"))
	}
	return ids, nil
}
