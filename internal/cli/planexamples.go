package cli

import (
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// plannedExamples are the numbers of examples that the cells of a study have in
// each split, fewest and most.
type plannedExamples struct {
	Train [2]int `json:"train"`
	Valid [2]int `json:"valid"`
	Test  [2]int `json:"test"`

	counted bool // some of them only the files know
}

// add takes in the data of a cell.
func (p *plannedExamples) add(spec dataset.Spec, s mlp.Shape) {
	first := p.Train[1] == 0
	for _, of := range []struct {
		split *[2]int
		n     int
	}{{&p.Train, s.Train}, {&p.Valid, s.Valid}, {&p.Test, s.Test}} {
		if first || of.n < of.split[0] {
			of.split[0] = of.n
		}
		of.split[1] = max(of.split[1], of.n)
	}
	p.counted = p.counted || spec.Train.Count() != s.Train || spec.Valid.Count() != s.Valid || spec.Test.Count() != s.Test
}

func (p *plannedExamples) String() string {
	text := func(n [2]int) string {
		if n[0] == n[1] {
			return fmt.Sprint(n[0])
		}
		return fmt.Sprintf("%d to %d", n[0], n[1])
	}
	return fmt.Sprintf("%s training, %s validation and %s test examples", text(p.Train), text(p.Valid), text(p.Test))
}
