package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/dataset"
	"nightshift/report"
	"nightshift/report/networks"
)

// cacheFolder is where results of figures that take their time are kept, below the folder
// of the reports. It may be removed at any time.
const cacheFolder = ".cache"

// reportInputs are where reports find data and keep results. On a terminal a line says how
// far a figure is that takes its time; done wipes it out.
func (a *app) reportInputs(quiet bool) (in report.Inputs, done func()) {
	in.Files, in.Cache = dataset.NewFiles(a.dataDirs()), networks.NewCache(filepath.Join(a.outDir, cacheFolder))
	if quiet || !terminal(a.err) {
		return in, func() {}
	}
	width := 0
	in.Progress = func(what string, done, total int) {
		line := fmt.Sprintf("report: %s, %d of %d", what, done, total)
		fmt.Fprint(a.err, "\r"+line+strings.Repeat(" ", max(0, width-text.StringWidth(line))))
		width = max(width, text.StringWidth(line))
	}
	return in, func() {
		if width > 0 {
			fmt.Fprint(a.err, "\r"+strings.Repeat(" ", width)+"\r")
		}
	}
}
