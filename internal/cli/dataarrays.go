package cli

import (
	"context"
	"encoding/json"
	"path/filepath"

	"nightshift/internal/array"
	"nightshift/internal/file"
)

// export writes the arrays of every split, and last what they are, until the program is asked to stop.
func (d shownData) export(stop <-chan struct{}, dir string) error {
	for _, s := range d.Splits {
		write := func(name string, b []byte, err error) error {
			if err != nil {
				return err
			}
			select {
			case <-stop:
				return context.Canceled
			default:
			}
			return file.Replace(filepath.Join(dir, name+"_"+s.Split+".npy"), b)
		}
		x, err := array.NPY(s.split.Floats(), s.N, d.Inputs)
		if err := write("x", x, err); err != nil {
			return err
		}
		if !d.data.Regression {
			labels := make([]int64, s.N)
			for i, y := range s.split.Labels {
				labels[i] = int64(y)
			}
			y, err := array.NPY(labels, s.N)
			if err := write("y", y, err); err != nil {
				return err
			}
			continue
		}
		y, err := array.NPY(s.split.Targets, s.N, d.Outputs)
		if err := write("y", y, err); err != nil {
			return err
		}
		if s.split.Truth != nil {
			truth, err := array.NPY(s.split.Truth, s.N, d.Outputs)
			if err := write("truth", truth, err); err != nil {
				return err
			}
		}
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return file.Replace(filepath.Join(dir, "data.json"), append(text, '\n'))
}
