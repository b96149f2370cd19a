package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// winnerStudy names the study that trains the winner of another one on fresh seeds.
func winnerStudy(name string) string { return name + "-winner" }

// winnerFile is a study file of one cell on n seeds that no cell of the board has, so that
// none of them has chosen it.
func winnerFile(of store.Study, b verdict.Board, n int) ([]byte, error) {
	winner := b.Standings[0].Cell
	var config map[string]json.RawMessage
	if err := json.Unmarshal(winner.Runs[0].Config, &config); err != nil {
		return nil, fmt.Errorf("configuration of %s: %w", winner.Label, err)
	}
	data := config["data"]
	delete(config, "data")
	base, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	fresh := uint64(0)
	for _, s := range b.Standings {
		for _, one := range s.Cell.Runs {
			fresh = max(fresh, one.SeedData+1, one.SeedInit+1, one.SeedOrder+1)
		}
	}
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(fresh + uint64(i))
	}
	seeds := "[" + strings.Join(list, ", ") + "]"
	if varied := winner.Varied(); len(varied) > 0 && varied[0] == "data" {
		seeds = "{data: " + seeds + ", init: 1, nested: true}"
	}
	question, err := json.Marshal(fmt.Sprintf("How does the winner of %s, %s, do on seeds that have not chosen it?",
		of.Study, winner.Label))
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "study: %s\nquestion: %s\ndata: %s\nbase: %s\nseeds: %s\nselect: %s\n", winnerStudy(of.Study), question,
		data, base, seeds, of.Select), nil
}

// reproduce trains the winner of a board on n fresh seeds. Files of its data are looked
// for beside the study, where that was named by its file.
func (a *app) reproduce(ctx context.Context, of store.Study, arg string, b verdict.Board, f leaderboardFlags) error {
	if len(b.Standings) == 0 {
		return fmt.Errorf("no cell of %s has a finished run on validation, so there is no winner to train", of.Study)
	}
	text, err := winnerFile(of, b, f.reproduce)
	if err != nil {
		return err
	}
	written := filepath.Join(filepath.Dir(arg), winnerStudy(of.Study)+".yaml")
	read := func(_, set []string, look study.Look) ([]*study.Study, error) {
		s, err := study.LoadOn(beside(written, look), written, text, set, a.readStudy(filepath.Dir(written)))
		if err != nil {
			return nil, err
		}
		for i := range s.Cells {
			s.Cells[i].Config.Data.Dir = filepath.Dir(written)
		}
		return []*study.Study{s}, nil
	}
	o := runFlags{workers: f.workers, asMany: f.asMany, retries: 1, checkpoint: checkpointEvery, journal: string(store.AutoJournal),
		noReport: true, quiet: true}
	return a.run(ctx, read, nil, o, fmt.Sprintf("nightshift leaderboard %s --reproduce %d", file.ShellWord(arg), f.reproduce))
}

// newSeeds are the winner's results on the seeds that it was trained on by itself; no
// where there are none.
func newSeeds(ctx context.Context, db *store.DB, of store.Study, b verdict.Board) (s verdict.Standing, ok bool, err error) {
	studies, err := db.Studies(ctx)
	if err != nil || len(b.Standings) == 0 {
		return s, false, err
	}
	for _, one := range studies {
		if one.Study != winnerStudy(of.Study) {
			continue
		}
		r, err := verdict.Read(ctx, db, one.Study)
		if err != nil {
			return s, false, err
		}
		for _, c := range r.Cells {
			if c.Runs[0].Cell != b.Standings[0].Cell.Runs[0].Cell {
				continue
			}
			if s.Valid, err = r.Mean(ctx, c, b.Select); err != nil {
				return s, false, err
			}
			s.Cell = c
			s.Test, err = r.Mean(ctx, c, b.Reported)
			return s, s.Test.N > 0, err
		}
	}
	return s, false, nil
}
