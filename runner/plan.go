package runner

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// job is a run as the night sees it.
type job struct {
	run  study.Run
	row  store.Run // as it is recorded before it is trained
	kept kept
	// result is what the store has already, where the run is trained again for
	// its weights only; nil otherwise.
	result *store.Run
}

// plan holds every run of a night once, whatever the number of studies it belongs to.
type plan struct {
	studies []Study
	jobs    []job
	at      map[string]int // index in jobs by the run's identity
}

// newPlan finds out what is to be known of the data of every run, so that data
// that cannot be read is an error before the first step.
func newPlan(studies []Study, dirs []string) (*plan, error) {
	p := &plan{studies: studies, at: map[string]int{}}
	fingerprint, parameters := Fingerprint(dirs), Parameters(dirs)
	round := map[int]int{} // job -> how many runs of its cell its study has before it
	for _, s := range studies {
		before := map[string]int{}
		for _, r := range s.Runs {
			i, known := p.at[r.ID]
			if !known {
				row, err := row(r, fingerprint, parameters)
				if err != nil {
					return nil, fmt.Errorf("study %s, run %.12s (%s): %w", s.Name, r.ID, r.Label, err)
				}
				i = len(p.jobs)
				p.at[r.ID] = i
				p.jobs = append(p.jobs, job{run: r, row: row})
				round[i] = before[r.Cell]
			}
			p.jobs[i].kept.add(s.Study)
			before[r.Cell]++
		}
	}
	p.sort(round)
	return p, nil
}

// sort makes the order seed-major across studies: the first seed of every
// study's cells comes before the second of any.
func (p *plan) sort(round map[int]int) {
	order := make([]int, len(p.jobs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(round[a], round[b]) })
	jobs := make([]job, len(order))
	for to, from := range order {
		jobs[to] = p.jobs[from]
		p.at[jobs[to].run.ID] = to
	}
	p.jobs = jobs
}

// work is an estimate of what a job costs, in an arbitrary unit. The examples of
// a file that is used whole are not counted here, so its jobs weigh the same.
func (j job) work() float64 {
	return float64(j.row.Parameters) * float64(max(1, j.run.Data.Train)) * float64(max(1, j.run.Epochs))
}

// row is what the store knows of a run before it is trained.
func row(r study.Run, fingerprint func(dataset.Spec) (string, error), parameters func(study.Config) (int, error)) (store.Run, error) {
	config, err := json.Marshal(r.Config)
	if err != nil {
		return store.Run{}, err
	}
	data, err := fingerprint(r.Data)
	if err != nil {
		return store.Run{}, err
	}
	n, err := parameters(r.Config)
	if err != nil {
		return store.Run{}, err
	}
	return store.Run{
		ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending,
		SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order,
		Config: config, Data: data, Parameters: n,
	}, nil
}

// record writes the studies and their members to the store.
func (p *plan) record(ctx context.Context, db *store.DB, at time.Time) error {
	for _, s := range p.studies {
		rows := make([]store.Run, len(s.Runs))
		members := make([]store.StudyRun, len(s.Runs))
		for i, r := range s.Runs {
			rows[i] = p.jobs[p.at[r.ID]].row
			axes, err := json.Marshal(r.Axes)
			if err != nil {
				return fmt.Errorf("study %s: axes of %s: %w", s.Name, r.Label, err)
			}
			members[i] = store.StudyRun{Study: s.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes}
		}
		record := store.Study{Study: s.Name, Question: s.Question, YAML: s.YAML, Select: s.Select, Set: s.Set, At: at}
		if err := db.PutStudy(ctx, record, rows, members); err != nil {
			return err
		}
	}
	return nil
}

// left gives the jobs without a result, or without weights that are to be kept,
// and a summary of the others. What a
// killed night has left running is marked as interrupted.
func (p *plan) left(ctx context.Context, db *store.DB, retryFailed bool) ([]job, Summary, error) {
	statuses, err := db.Statuses(ctx)
	if err != nil {
		return nil, Summary{}, err
	}
	again, err := TrainedAgain(ctx, db, p.studies)
	if err != nil {
		return nil, Summary{}, err
	}
	s := Summary{Progress: Progress{Total: len(p.jobs)}}
	var jobs []job
	var stale []store.Result
	for _, j := range p.jobs {
		if r, ok := again[j.run.ID]; ok {
			j.result = &r
			jobs = append(jobs, j)
			s.Again++
			s.Work += j.work()
			continue
		}
		switch status := statuses[j.run.ID]; {
		case status == store.Done, status == store.Diverged, status == store.Pruned:
			s.Reused++
		case status == store.Failed && !retryFailed:
			r, err := db.Run(ctx, j.run.ID)
			if err != nil {
				return nil, Summary{}, err
			}
			s.Failed++
			s.Failures = append(s.Failures, Failure{r.ID, r.Label, r.Reason})
		default:
			jobs = append(jobs, j)
			s.Work += j.work()
			if status == store.Running {
				j.row.Status = store.Interrupted
				stale = append(stale, store.Result{Run: j.row})
			}
		}
	}
	s.Left = len(jobs)
	if len(stale) > 0 {
		err = db.Finish(ctx, stale...)
	}
	return jobs, s, err
}
