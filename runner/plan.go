package runner

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// job is a run as the night sees it. There may be a hundred thousand, so what
// runs share is pointed to.
type job struct {
	run             *study.Run
	about           *about
	retention       Retention
	round           int  // how many runs of its cell its study has before it
	position        int  // in the order of the plan
	hasCheckpoint   bool // whether there is a checkpoint to go on from, known once the job is held
	checkpointEpoch int  // epoch of the checkpoint
	// stopAt is the rung at which the run stops and others go first, with a
	// checkpoint to go on from; 0 for none.
	stopAt  int
	reopens bool // whether the run was pruned, and is wanted further now
	// oldResult is the result in the store, where the run is backfilled: trained again for its
	// weights only; nil otherwise.
	oldResult *store.Run
}

// about is what the runs of a cell have in common.
type about struct {
	config     json.RawMessage
	data       string // fingerprint
	parameters int
}

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
	cells := map[string]*about{}
	for _, s := range studies {
		before := map[string]int{}
		for i := range s.Runs {
			r := &s.Runs[i]
			at, known := p.at[r.ID]
			if !known {
				c := cells[r.Cell]
				if c == nil {
					var err error
					if c, err = describe(r.Config, sources); err != nil {
						return nil, fmt.Errorf("study %s, run %.12s (%s): %w", s.Name, r.ID, r.Label, err)
					}
					cells[r.Cell] = c
				}
				at = len(p.jobs)
				p.at[r.ID] = at
				p.jobs = append(p.jobs, job{run: r, about: c, round: before[r.Cell]})
			}
			p.jobs[at].retention.Add(s.Study)
			before[r.Cell]++
		}
	}
	p.sort()
	return p, nil
}

func describe(c study.Config, sources *Sources) (*about, error) {
	config, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	data, err := sources.Fingerprint(c.Data)
	if err != nil {
		return nil, err
	}
	n, err := sources.Parameters(c)
	return &about{config, data, n}, err
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

// work is an estimate of what a job costs, in an arbitrary unit. The examples of
// a file that is used whole are not counted here, so its jobs weigh the same.
func (j job) work() float64 {
	return float64(j.about.parameters) * float64(max(1, j.run.Data.Train)) * float64(max(1, j.run.Epochs))
}

// part is that of the work which epochs are.
func (j job) part(epochs float64) float64 { return j.work() * epochs / float64(max(1, j.run.Epochs)) }

// rest is the part of the work from the checkpoint to where the job stops at a rung or ends.
func (j job) rest() float64 { return j.part(float64(j.to() - j.checkpointEpoch)) }

// to is the epoch where the job stops at a rung or ends.
func (j job) to() int {
	if j.stopAt > 0 {
		return j.stopAt
	}
	return j.run.Epochs
}

// row is what the store knows of a run before it is trained.
func (j job) row() store.Run {
	r := j.run
	return store.Run{
		ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending,
		SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order,
		Config: j.about.config, Data: j.about.data, Parameters: j.about.parameters,
	}
}

// record writes the studies and their members to the store, and the runs that
// are not known there.
func (p *plan) record(ctx context.Context, db *store.DB, known map[string]store.Status, at time.Time) error {
	for _, s := range p.studies {
		var rows []store.Run
		members := make([]store.StudyRun, len(s.Runs))
		type place struct{ cell, label string }
		axes := map[place]json.RawMessage{}
		for i := range s.Runs {
			r := &s.Runs[i]
			if _, ok := known[r.ID]; !ok {
				rows = append(rows, p.jobs[p.at[r.ID]].row())
			}
			at := place{r.Cell, r.Label}
			if axes[at] == nil {
				text, err := json.Marshal(r.Axes)
				if err != nil {
					return fmt.Errorf("study %s: axes of %s: %w", s.Name, r.Label, err)
				}
				axes[at] = text
			}
			members[i] = store.StudyRun{Study: s.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes[at]}
		}
		record := store.Study{Study: s.Name, Question: s.Question, YAML: s.YAML, Select: s.Select, Set: s.Set, At: at}
		if err := db.PutStudy(ctx, record, rows, members); err != nil {
			return err
		}
	}
	return nil
}

// left gives the jobs without a result, or without weights that are to be kept,
// and a summary of the others. What was pruned is left if it may be wanted further.
func (p *plan) left(ctx context.Context, db *store.DB, known map[string]store.Status, h *Halving, retryFailed bool) ([]job, Summary, error) {
	backfill, err := Backfill(ctx, db, p.studies)
	if err != nil {
		return nil, Summary{}, err
	}
	checkpoints, err := db.Checkpoints(ctx)
	if err != nil {
		return nil, Summary{}, err
	}
	s := Summary{Progress: Progress{Total: len(p.jobs)}}
	var jobs []job
	failed := map[string]bool{}
	for _, j := range p.jobs {
		status := known[j.run.ID]
		if r, ok := backfill[j.run.ID]; ok {
			j.oldResult = &r
			s.Backfilled++
		} else if _, v := h.Goal(j.run.ID); status == store.Done || status == store.Diverged || status == store.Pruned && v == Stop {
			s.Reused++
			continue
		} else if status == store.Failed && !retryFailed {
			failed[j.run.ID] = true
			continue
		}
		j.checkpointEpoch, j.reopens = checkpoints[j.run.ID], status == store.Pruned
		jobs = append(jobs, j)
		s.Work += j.work()
	}
	s.Left, s.Failed = len(jobs), len(failed)
	s.Failures, err = p.failures(ctx, db, failed)
	return jobs, s, err
}

// failures gives the reasons of failed runs, in the order of the studies.
func (p *plan) failures(ctx context.Context, db *store.DB, failed map[string]bool) ([]Failure, error) {
	var list []Failure
	for _, s := range p.studies {
		if len(failed) == 0 {
			break
		}
		rows, err := db.Runs(ctx, s.Name)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if failed[r.ID] {
				list = append(list, Failure{r.ID, r.Label, r.Reason})
				delete(failed, r.ID)
			}
		}
	}
	return list, nil
}
