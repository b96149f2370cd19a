package cli

import (
	"context"
	"fmt"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
	"nightshift/runner"
)

// plannedClaim is how small a difference the planned seeds decide of a claim, 80 times
// of 100.
type plannedClaim struct {
	Claim    string     `json:"claim"`
	Units    int        `json:"units"`
	Smallest jsonNumber `json:"smallest_decidable"`
	SD       jsonNumber `json:"sd"`
	From     int        `json:"sd_from_units,omitempty"`
	Because  string     `json:"because,omitempty"`
	words    string
}

// claimsOf says what the planned seeds of a study can decide, from the results that the
// database (nil for none yet) has of its runs.
func claimsOf(ctx context.Context, db *store.DB, s runner.Study, known *night.Snapshot) ([]plannedClaim, error) {
	if len(s.Expect) == 0 {
		return nil, nil
	}
	r, err := verdict.Planned(ctx, db, s.Study, s.Runs)
	if err != nil {
		return nil, err
	}
	var ended []string
	among := claimedCells(s)
	for _, run := range s.Runs {
		status := known.Status(run.ID)
		if among[run.Label] && (status == store.Done || status == store.Diverged) {
			ended = append(ended, run.ID)
		}
	}
	if err := r.Learn(ctx, ended); err != nil {
		return nil, err
	}
	resolutions, err := r.Resolutions(ctx, s.Study)
	if err != nil {
		return nil, fmt.Errorf("study %s: %w", s.Name, err)
	}
	claims := make([]plannedClaim, len(resolutions))
	for i, v := range resolutions {
		claims[i] = plannedClaim{v.Claim, v.Units, measured(v.Smallest), measured(v.SD), v.From, v.Because, v.Words()}
	}
	return claims, nil
}

// claimedCells are the labels of the cells that claims speak of.
func claimedCells(s runner.Study) map[string]bool {
	labels := map[string]bool{}
	for _, e := range s.Expect {
		for _, one := range s.Instances(e) {
			for _, t := range slices.Concat(one.Lhs.Terms, one.Rhs.Terms) {
				for _, c := range s.Matching(t) {
					labels[c.Label] = true
				}
			}
		}
	}
	return labels
}

// printPlannedClaims says so for each claim, and why it is not known of the others.
func (a *app) printPlannedClaims(claims []plannedClaim) {
	var reasons []string
	unknown := map[string]int{}
	for _, c := range claims {
		if c.Because == "" {
			continue
		}
		if unknown[c.Because]++; unknown[c.Because] == 1 {
			reasons = append(reasons, c.Because)
		}
	}
	if len(claims) > 0 {
		fmt.Fprintln(a.out, "  differences that the planned seeds decide 80 times of 100:")
	}
	for _, c := range claims {
		if c.Because == "" {
			fmt.Fprintf(a.out, "    %s: %s\n", c.Claim, c.words)
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(a.out, "    not known of %s: %s\n", number.Count(unknown[reason], "claim"), reason)
	}
}
