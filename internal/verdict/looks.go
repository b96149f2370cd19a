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
	seeds  map[string][]study.Seeds // of each cell, by its configuration
}

// readVersions reads what the study has said over time. A version that this
// program cannot read any more counts for nothing.
func (r *Results) readVersions(ctx context.Context) error {
	if r.versions != nil {
		return nil
	}
	stored, err := r.db.StudyVersions(ctx, r.Study.Study)
	if err != nil && !errors.Is(err, store.ErrChanged) {
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
			parsed.Cells = nil
		}
		for _, c := range parsed.Cells {
			if key := keyOf(c.Config); key != "" {
				v.seeds[key] = c.Seeds
			}
		}
		r.versions = append(r.versions, v)
	}
	return nil
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
	keep filter // the runs that were there
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
			done, err := r.completed(ctx, c, asked)
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
			all = append(all, look{func(c *Cell, one Run) bool { return then[c][one.Seeds()] }})
		}
	}
	return all, nil
}

// completed says whether all runs of a cell that a plan asked for have results; also
// those that are no members of the study any more.
func (r *Results) completed(ctx context.Context, c *Cell, asked []study.Seeds) (bool, error) {
	status := map[study.Seeds]store.Status{}
	for _, one := range c.Runs {
		status[one.Seeds()] = one.Status
	}
	for _, seeds := range asked {
		now, member := status[seeds]
		if !member {
			id, _, err := study.Identify(c.Runs[0].Config, c.Runs[0].Data, seeds)
			if err != nil {
				return false, nil
			}
			former, err := r.db.Run(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				return false, nil
			} else if err != nil {
				return false, err
			}
			now = former.Status
		}
		if now != store.Done && now != store.Diverged && now != store.Pruned {
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
