package cli

import (
	"math"

	"nightshift/internal/verdict"
)

// boardJSON is a board for scripts: errors are shares from 0 to 1.
type boardJSON struct {
	Data      string         `json:"data"`
	Select    string         `json:"select"`
	Reported  string         `json:"reported"`
	Ranked    int            `json:"cells_ranked"`
	Unranked  int            `json:"cells_without_result"`
	Copies    int            `json:"cells_that_are_copies,omitempty"`
	Cells     []standingJSON `json:"cells"`
	Optimism  estimateJSON   `json:"optimism"`
	RunnerUp  *estimateJSON  `json:"runner_up_minus_winner,omitempty"`
	Friedman  *friedmanJSON  `json:"friedman,omitempty"`
	CochranP  *jsonNumber    `json:"cochran_q_p,omitempty"`
	McNemarP  *jsonNumber    `json:"mcnemar_p,omitempty"`
	Reproduce *standingJSON  `json:"fresh_seeds,omitempty"`
}

type standingJSON struct {
	Rank   int          `json:"rank,omitempty"`
	Cell   string       `json:"cell"`
	ID     string       `json:"cell_id"`
	Valid  estimateJSON `json:"valid"`
	Test   estimateJSON `json:"test"`
	First  jsonNumber   `json:"probability_of_first"`
	Behind jsonNumber   `json:"behind_winner"`
	P      jsonNumber   `json:"p_benjamini_hochberg"`
}

type estimateJSON struct {
	Mean jsonNumber `json:"mean"`
	Low  jsonNumber `json:"low"`
	High jsonNumber `json:"high"`
	P    jsonNumber `json:"p"`
	N    int        `json:"n"`
	Unit string     `json:"unit"`
	Two  string     `json:"two_outcomes,omitempty"` // how many runs are near which value; then there is no interval and no p value
}

// friedmanJSON is Friedman's test over training sets.
type friedmanJSON struct {
	Sets      int        `json:"training_sets"`
	P         jsonNumber `json:"p"`
	FirstTwo  jsonNumber `json:"p_winner_runner_up_holm"`
	MeanRanks []float64  `json:"mean_ranks"`
}

func newEstimateJSON(e verdict.Estimate) estimateJSON {
	if e.N == 0 {
		return estimateJSON{}
	}
	if groups := e.Groups(1); groups != "" {
		none := measured(math.NaN())
		return estimateJSON{measured(e.Mean), none, none, none, e.N, e.Unit, groups}
	}
	return estimateJSON{measured(e.Mean), measured(e.CI.Lo), measured(e.CI.Hi), measured(e.P), e.N, e.Unit, ""}
}

func newBoardJSON(b verdict.Board) boardJSON {
	j := boardJSON{Data: b.Data, Select: b.Select, Reported: b.Reported, Ranked: b.Ranked, Unranked: b.Unranked, Copies: b.Copies,
		Optimism: newEstimateJSON(b.Optimism), Cells: []standingJSON{}}
	for i, s := range b.Standings {
		one := newStandingJSON(s)
		one.Rank = i + 1
		j.Cells = append(j.Cells, one)
	}
	if b.RunnerUp.N > 0 {
		d := newEstimateJSON(b.RunnerUp)
		j.RunnerUp = &d
	}
	if f := b.Friedman; f != nil {
		j.Friedman = &friedmanJSON{b.Sets, measured(f.P), measured(b.FirstTwo()), f.MeanRanks}
	}
	if b.Cochran != nil {
		q, p := measured(b.Cochran.P), measured(b.McNemar.P)
		j.CochranP, j.McNemarP = &q, &p
	}
	return j
}

func newStandingJSON(s verdict.Standing) standingJSON {
	j := standingJSON{Cell: s.Cell.Label, ID: s.Cell.Runs[0].Cell, Valid: newEstimateJSON(s.Valid), Test: newEstimateJSON(s.Test),
		First: measured(s.First), P: measured(s.P)}
	if s.Behind.N > 0 {
		j.Behind = measured(s.Behind.Mean)
	}
	return j
}
