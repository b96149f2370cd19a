package runner

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// plan holds every run of a night once, whatever the number of studies it belongs to.
type plan struct {
	studies []Study
	jobs    []job
	at      map[string]int // index in jobs by the run's identity
}

// newPlan finds out what is to be known of the data of every run, so that data
// that cannot be read is an error before the first step.
func newPlan(studies []Study, sources *Sources) (*plan, error) {
	p := &plan{studies: studies, at: map[string]int{}}
	cells := map[string]*cellInfo{}
	for _, s := range studies {
		before, shared, whole := map[string]int{}, s.Shared(), s.Whole()
		for i := range whole {
			r := &whole[i]
			if shared != nil && !shared(r.ID) {
				before[r.Cell]++
				continue
			}
			at, known := p.at[r.ID]
			if !known {
				c := cells[r.Cell]
				if c == nil {
					var err error
					if c, err = describeCell(r.Config, sources); err != nil {
						return nil, fmt.Errorf("study %s, run %.12s (%s): %w", s.Name, r.ID, r.Label, err)
					}
					cells[r.Cell] = c
				}
				at = len(p.jobs)
				p.at[r.ID] = at
				p.jobs = append(p.jobs, job{run: r, cell: c, round: before[r.Cell]})
			}
			p.jobs[at].retention.Add(s.Study)
			before[r.Cell]++
		}
	}
	p.sort()
	return p, nil
}

// sort makes the order seed-major across studies: the first seed of every
// study's cells comes before the second of any.
func (p *plan) sort() {
	slices.SortStableFunc(p.jobs, func(a, b job) int { return cmp.Compare(a.round, b.round) })
	for i := range p.jobs {
		p.jobs[i].position = i
		p.at[p.jobs[i].run.ID] = i
	}
}

// record writes the studies and their members to the store, and the runs that
// are not known there.
func (p *plan) record(ctx context.Context, db *store.DB, a *night.Agenda, at time.Time) error {
	for _, st := range p.studies {
		wants := a.Sequential.Of(st.Name)
		if wants == nil {
			wants = st.Shared()
		}
		if err := p.recordStudy(ctx, db, st, a.Known, wants, at); err != nil {
			return err
		}
	}
	return nil
}

// recordStudy writes a study, those of its runs that it wants by now (nil for all)
// as its members, and of them those that are not known.
func (p *plan) recordStudy(ctx context.Context, db *store.DB, st Study, known, wants func(id string) bool, at time.Time) error {
	var unknown []int // in p.jobs
	whole := st.Whole()
	members := make([]store.StudyRun, len(whole))
	axes := axesText{}
	for i := range whole {
		r := &whole[i]
		if (wants == nil || wants(r.ID)) && !known(r.ID) {
			unknown = append(unknown, p.at[r.ID])
		}
		var err error
		if members[i], err = axes.member(st, r); err != nil {
			return err
		}
	}
	// In the order in which they are trained, what is written of runs that end together is together in the file.
	slices.Sort(unknown)
	rows := make([]store.Run, len(unknown))
	for i, at := range unknown {
		rows[i] = p.jobs[at].row()
	}
	return db.PutWanted(ctx, studyRow(st, at), rows, members, wants)
}

// recordMore writes runs that studies have come to want as members of these.
func (p *plan) recordMore(ctx context.Context, db *store.DB, a *night.Agenda, at time.Time, ids []string) error {
	for _, st := range p.studies {
		wants := a.Sequential.Of(st.Name)
		if wants == nil {
			continue
		}
		var rows []store.Run
		members, axes := map[int]store.StudyRun{}, axesText{}
		for i := range st.Runs {
			r := &st.Runs[i]
			if !slices.Contains(ids, r.ID) || !wants(r.ID) {
				continue
			}
			if !a.Known(r.ID) {
				rows = append(rows, p.jobs[p.at[r.ID]].row())
			}
			var err error
			if members[i], err = axes.member(st, r); err != nil {
				return err
			}
		}
		newest, err := db.PutMore(ctx, studyRow(st, at), rows, members)
		if err == nil && !newest { // somebody else has another version of it
			err = p.recordStudy(ctx, db, st, a.Known, wants, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func studyRow(st Study, at time.Time) store.Study {
	return store.Study{Study: st.Name, Question: st.Question, YAML: st.YAML, Select: st.Select, Set: st.Set, At: at}
}

// axesText is the text of the axes of places.
type axesText map[axesPlace]json.RawMessage

type axesPlace struct{ cell, label string }

// member is a run as a member of a study.
func (t axesText) member(st Study, r *study.Run) (m store.StudyRun, err error) {
	at := axesPlace{r.Cell, r.Label}
	if t[at] == nil {
		if t[at], err = json.Marshal(r.Axes); err != nil {
			return m, fmt.Errorf("study %s: axes of %s: %w", st.Name, r.Label, err)
		}
	}
	return store.StudyRun{Study: st.Name, RunID: r.ID, CellLabel: r.Label, Axes: t[at]}, nil
}

// remaining lists the jobs that a night has to train.
func (p *plan) remaining(a *night.Agenda) []job { return p.needed(a, a.Need) }

// later lists the jobs that a night has to train once they are wanted.
func (p *plan) later(a *night.Agenda) []job { return p.needed(a, a.NeedLater) }

// needed lists the jobs that are to be trained as a need says.
func (p *plan) needed(a *night.Agenda, needOf func(id string) night.Need) []job {
	var jobs []job
	for _, j := range p.jobs {
		if !a.Has(j.run.ID) {
			continue
		}
		need := needOf(j.run.ID)
		if !need.Remains() {
			continue
		}
		j.checkpointEpoch, j.priorSeconds, j.reopens = a.Checkpoint(j.run.ID), a.Seconds(j.run.ID), need == night.Reopened
		j.reason = a.Reason(j.run.ID)
		if e, ok := a.Extension(j.run.ID); ok && e.Why == "" {
			j.extends, j.priorSeconds = e.Run, e.Seconds
		}
		if need == night.Backfill {
			old := a.OldResult(j.run.ID)
			j.oldResult = &old
			j.priorSeconds *= float64(j.checkpointEpoch) / float64(max(1, old.Epochs)) // as the old training had it
		}
		jobs = append(jobs, j)
	}
	return jobs
}

// summary is how a night stands before anything is trained.
func (p *plan) summary(a *night.Agenda) Summary {
	s := Summary{Progress: Progress{Claims: a.Sequential.Claims()}}
	for _, j := range p.jobs {
		need := a.Need(j.run.ID)
		if !a.Wanted(j.run.ID) {
			continue
		}
		s.Total++
		switch need {
		case night.Present:
			s.Reused++
		case night.Backfill:
			s.Backfilled++
		}
		if need.Remains() {
			s.Remaining++
			s.Work += j.work()
			s.Worked += j.part(float64(a.Checkpoint(j.run.ID)))
		}
	}
	for _, r := range a.Failures() {
		s.Failures = append(s.Failures, Failure{r.ID, r.Label, r.Reason})
	}
	s.Failed, s.ToTrain = len(s.Failures), s.Remaining
	return s
}

// pace is how fast the plan's runs were trained before.
func (p *plan) pace(a *night.Agenda) night.Pace {
	return a.Pace(func(r *study.Run) float64 { return p.jobs[p.at[r.ID]].work() })
}

func describeCell(c study.Config, sources *Sources) (*cellInfo, error) {
	config, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	data, err := sources.Fingerprint(c.Data)
	if err != nil {
		return nil, err
	}
	shape, err := sources.Shape(c.Data)
	if err != nil {
		return nil, err
	}
	return &cellInfo{config, data, c.Config.Parameters(shape.In, shape.Out), night.Work(c.Config, shape),
		cost.Alone(c.Config, shape)}, nil
}
