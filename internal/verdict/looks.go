package verdict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// version is what the study said from some time on.
type version struct {
	at     time.Time
	claims map[string]bool          // by their words
	seeds  map[string][]study.Seeds // of each cell, by its configuration; none where it goes on until its claims are decided
	until  bool
	before time.Time       // when the next version came that goes on until its claims are decided; zero for none
	done   map[string]bool // cells whose seeds all had results when results were Planned; nil where they were Read
}

// readVersions reads what the study has said over time. A version that this
// program cannot read any more counts for nothing.
func (r *Results) readVersions(ctx context.Context) error {
	if r.versions != nil {
		return nil
	}
	stored, err := r.db.StudyVersions(ctx, r.Study.Study)
	if err != nil && !errors.Is(err, store.ErrChanged) && !(r.growing && errors.Is(err, store.ErrNotFound)) {
		return err
	}
	r.versions = []version{}
	for _, s := range stored {
		v := version{at: s.At, claims: map[string]bool{}, seeds: map[string][]study.Seeds{}}
		parsed, err := study.Parse(r.Study.Study, []byte(s.YAML), s.Set)
		if err != nil {
			continue
		}
		for _, e := range parsed.Expect {
			v.claims[words(e.Text)] = true
		}
		if parsed.Until != nil { // it is looked at round by round, not when its plan is complete
			parsed.Cells, v.until = nil, true
		}
		for _, c := range parsed.Cells {
			if key := keyOf(c.Config); key != "" {
				v.seeds[key] = c.Seeds
			}
		}
		r.versions = append(r.versions, v)
	}
	var before time.Time
	for i, v := range slices.Backward(r.versions) {
		r.versions[i].before = before
		if v.until {
			before = v.at
		}
	}
	return nil
}

// readSpent notes which plans of earlier versions were complete when the seeds began to
// go on until claims are decided: those looks are spent. What nights bring in later does
// not change it.
func (r *Results) readSpent(ctx context.Context) error {
	if err := r.readVersions(ctx); err != nil {
		return err
	}
	if !slices.ContainsFunc(r.versions, func(v version) bool { return len(v.seeds) > 0 }) {
		return nil
	}
	var asked []string
	for _, one := range r.Runs {
		asked = append(asked, one.ID)
	}
	ended, err := r.db.Ends(ctx, asked)
	if err != nil {
		return err
	}
	for i := range r.versions {
		v := &r.versions[i]
		v.done = map[string]bool{}
		for _, c := range r.Cells {
			if seeds := v.seeds[c.key()]; len(seeds) > 0 {
				v.done[c.key()] = true
				for _, one := range c.Runs {
					if row := ended[one.ID]; slices.Contains(seeds, one.Seeds()) && !hasResult(row, v.before) {
						v.done[c.key()] = false
					}
				}
			}
		}
	}
	return nil
}

// hasResult says whether a run had a result before a time; zero is at any time.
func hasResult(one store.Run, before time.Time) bool {
	known := one.Status == store.Done || one.Status == store.Diverged || one.Status == store.Pruned
	return known && (before.IsZero() || one.Finished.Before(before))
}

// words is a claim without its spaces, which say nothing.
func words(text string) string { return strings.Join(strings.Fields(text), "") }

// configKey is the same for equal configurations, whatever their data came to; ""
// for one that this version cannot read.
func configKey(config json.RawMessage) string {
	_, cell, err := study.Identify(config, "", study.Seeds{})
	if err != nil {
		return ""
	}
	return cell
}

// keyOf is the configKey of a configuration of this version.
func keyOf(c study.Config) string {
	config, err := json.Marshal(c)
	if err != nil {
		return "" // such a cell has no runs
	}
	return configKey(config)
}

// look is a completed plan: what the cells of a claim had of seeds when all that
// the study then asked for had results.
type look struct {
	keep  filter               // the runs that were there
	early func(in filter) bool // some of these are not among those that count by now
	skip  bool
}

// looks lists the completed plans of some cells, in the order in which the study
// asked for them, each once. They follow from the versions of the study and from
// which runs have results, not from the nights that trained them.
func (r *Results) looks(ctx context.Context, cells []*Cell) ([]look, error) {
	if err := r.readVersions(ctx); err != nil {
		return nil, err
	}
	var all []look
	seen := map[string]bool{}
	for _, v := range r.versions {
		then := map[*Cell]map[study.Seeds]bool{}
		complete, key := len(cells) > 0, ""
		for _, c := range cells {
			asked := v.seeds[c.key()]
			done, err := r.completed(ctx, c, v)
			if err != nil {
				return nil, err
			}
			complete = complete && done
			then[c] = map[study.Seeds]bool{}
			for _, s := range asked {
				then[c][s] = true
			}
			sorted := slices.Clone(asked)
			slices.SortFunc(sorted, func(a, b study.Seeds) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			key += fmt.Sprint(sorted) + "\n"
		}
		if complete && !seen[key] {
			seen[key] = true
			keep := func(c *Cell, one *Run) bool { return then[c][one.Seeds()] }
			all = append(all, look{keep: keep, early: func(in filter) bool {
				return slices.ContainsFunc(cells, func(c *Cell) bool {
					return slices.ContainsFunc(c.planned(), func(one *Run) bool { return keep(c, one) && !in(c, one) })
				})
			}})
		}
	}
	return all, nil
}

// completed says whether all runs of a cell that a version asked for had results; also
// those that are no members of the study any more.
func (r *Results) completed(ctx context.Context, c *Cell, v version) (bool, error) {
	asked := v.seeds[c.key()]
	if r.growing {
		return v.done[c.key()], nil
	}
	runs := map[study.Seeds]store.Run{}
	for _, one := range c.Runs {
		runs[one.Seeds()] = one.Run
	}
	for _, seeds := range asked {
		one, member := runs[seeds]
		if !member {
			id, _, err := study.Identify(c.Runs[0].Config, c.Runs[0].Data, seeds)
			if err != nil {
				return false, nil
			}
			if one, err = r.db.Run(ctx, id); errors.Is(err, store.ErrNotFound) {
				return false, nil
			} else if err != nil {
				return false, err
			}
		}
		if !hasResult(one, v.before) {
			return false, nil
		}
	}
	return len(asked) > 0, nil
}

// afterwards says whether a claim was written when results of its cells were known
// already: it stands in the study since a version that is younger than one of them.
// Of a study that had nights before its first recorded version nothing is said of
// what stands in that one.
func (r *Results) afterwards(ctx context.Context, text string, cells []*Cell) (bool, error) {
	if err := r.readVersions(ctx); err != nil {
		return false, err
	}
	since := -1
	for i := len(r.versions) - 1; i >= 0 && r.versions[i].claims[words(text)]; i-- {
		since = i
	}
	if since < 0 {
		return false, nil
	}
	if since == 0 {
		nights, err := r.db.Nights(ctx, r.Study.Study)
		if err != nil || len(nights) > 0 && nights[0].Started.Before(r.versions[0].at) {
			return false, err
		}
	}
	for _, c := range cells {
		for _, one := range c.Runs {
			known := one.Status == store.Done || one.Status == store.Diverged
			if known && one.Finished.Before(r.versions[since].at) {
				return true, nil
			}
		}
	}
	return false, nil
}
