package cli

import (
	"fmt"
	"maps"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/number"
)

// extended counts runs that are to be trained and of which there are finished ones with fewer epochs.
type extended struct {
	GoOn int            `json:"go_on"`          // that go on where those have ended
	Anew map[string]int `json:"anew,omitempty"` // that are trained from their start all the same, by the reason
}

// add counts a run of an agenda.
func (e *extended) add(agenda *night.Agenda, id string) {
	x, ok := agenda.Extension(id)
	switch {
	case !ok:
	case x.Why == "":
		e.GoOn++
	default:
		if e.Anew == nil {
			e.Anew = map[string]int{}
		}
		e.Anew[x.Why]++
	}
}

// lines says it in sentences.
func (e *extended) lines() (list []string) {
	if e.GoOn > 0 {
		list = append(list, number.Count(e.GoOn, "run")+" to be trained from where finished ones with fewer epochs have ended")
	}
	for _, why := range slices.Sorted(maps.Keys(e.Anew)) {
		list = append(list, fmt.Sprintf("%s to be trained from the start, although finished ones differ by fewer epochs only: %s",
			number.Count(e.Anew[why], "run"), why))
	}
	return list
}
