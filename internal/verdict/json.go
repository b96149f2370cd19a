package verdict

import (
	"encoding/json"
	"math"
)

// MarshalJSON writes what scripts need of a verdict. A number that there is not is
// null.
func (v Verdict) MarshalJSON() ([]byte, error) {
	number := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	return json.Marshal(struct {
		Claim        string   `json:"claim"`
		Words        string   `json:"words"`
		Verdict      Outcome  `json:"verdict"`
		Because      string   `json:"because,omitempty"`
		Sentence     string   `json:"sentence,omitempty"`
		Estimate     *float64 `json:"estimate"`
		Low          *float64 `json:"low"`
		High         *float64 `json:"high"`
		P            *float64 `json:"p"`
		Corrected    *float64 `json:"p_corrected"`
		Unit         string   `json:"unit,omitempty"`
		N            int      `json:"n"`
		HalfUnits    *float64 `json:"half_width_units"`
		HalfExamples *float64 `json:"half_width_with_examples"`
		SeedsNeeded  int      `json:"seeds_needed,omitempty"`
		Looks        int      `json:"looks"`
		Afterwards   bool     `json:"afterwards"`
		Warnings     []string `json:"warnings,omitempty"`
	}{
		v.Claim, v.Words, v.Outcome, v.Because, v.Sentence, number(v.Estimate), number(v.Interval.Lo),
		number(v.Interval.Hi), number(v.P),
		number(v.Corrected), v.Unit, v.N, number(v.HalfUnits), number(v.HalfExamples), v.SeedsNeeded, v.Looks, v.Afterwards, v.Warnings,
	})
}
