package cli

import (
	"fmt"
	"slices"

	"nightshift/report"
	"nightshift/runner"
)

// warningsOf lists what is doubtful about the data of a study, each once, and which figures it asks for in vain.
func warningsOf(s runner.Study, sources *runner.Sources) (all []string, err error) {
	for _, c := range s.Cells {
		warnings, err := sources.Warnings(c.Config.Data)
		if err != nil {
			return nil, err
		}
		for _, w := range warnings {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	large, err := largeBatches(s, sources)
	return append(append(all, large...), report.Lacking(s.Study)...), err
}

// largeBatches names the batches that are larger than the training split, which make an epoch one step.
func largeBatches(s runner.Study, sources *runner.Sources) (all []string, err error) {
	for _, c := range s.Cells {
		shape, err := sources.Shape(c.Config.Data)
		if err != nil {
			return nil, err
		}
		if w := report.LargeBatch(c.Config.Batch, shape.Train); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all, nil
}

// warn says before a night what is doubtful about its studies.
func (a *app) warn(plan []runner.Study, sources *runner.Sources) error {
	for _, s := range plan {
		warnings, err := warningsOf(s, sources)
		if err != nil {
			return err
		}
		for _, w := range warnings {
			fmt.Fprintf(a.err, "%s: warning: %s\n", s.Name, w)
		}
	}
	return nil
}
