package report

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/panics"
	"nightshift/report/figure"
)

// Output is in which formats a report writes its figures, and how large.
type Output struct {
	formats []string
	size    figure.Size
}

// DefaultOutput is PNG and SVG, 600 points wide.
func DefaultOutput() Output { return Output{[]string{"png", "svg"}, figure.DefaultSize()} }

// ParseOutput reads formats, a width such as 85mm and how many times as many pixels as usual a PNG has. An empty text or 0 is
// what is usual.
func ParseOutput(formats []string, width string, scale float64) (Output, error) {
	o := DefaultOutput()
	if len(formats) > 0 {
		o.formats = nil
	}
	for _, f := range formats {
		f = strings.ToLower(strings.TrimSpace(f))
		if !slices.Contains(figure.Formats(), f) {
			return Output{}, fmt.Errorf("there is no format %q: figures are written as %s", f, strings.Join(figure.Formats(), ", "))
		}
		if !slices.Contains(o.formats, f) {
			o.formats = append(o.formats, f)
		}
	}
	if width != "" {
		points, err := figure.ParseWidth(width)
		if err != nil {
			return Output{}, err
		}
		o.size.Width = points
	}
	if scale != 0 {
		if !(scale >= leastScale && scale <= mostScale) {
			return Output{}, fmt.Errorf("scale %v: a PNG has %v to %v times the usual pixels", scale, leastScale, mostScale)
		}
		if !slices.Contains(o.formats, "png") {
			return Output{}, errors.New("a scale is one of the pixels of a PNG, which the formats leave out")
		}
		o.size.Scale = scale
	}
	return o, nil
}

const leastScale, mostScale = 0.25, 8.0

// figureFile is one form of a figure.
type figureFile struct {
	Name   string
	Beside bool   // whether it is written beside the page
	sum    string // SHA-256 of what was written there
	packed []byte // what the page holds of it; nil for nothing
}

// draw makes the files of all figures in a folder, on every core. They do not depend on which is ready first.
func (o Output) draw(ctx context.Context, figures []shownFigure, dir string) error {
	faults := make([]error, len(figures))
	next := make(chan int, len(figures))
	for i := range figures {
		next <- i
	}
	close(next)
	var workers panics.Group
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				if faults[i] = ctx.Err(); faults[i] != nil {
					return
				}
				f := &figures[i]
				f.Files, faults[i] = o.files(*f, dir)
			}
		})
	}
	workers.Wait()
	return errors.Join(faults...)
}

// Save writes a figure to a file, whose name ends in its format: png, svg or pdf.
func Save(f figure.Figure, path string) error {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if !slices.Contains(figure.Formats(), format) {
		return fmt.Errorf("%s: a figure is written as %s, which the name ends in, as in figure.png", path,
			strings.Join(figure.Formats(), ", "))
	}
	content, err := f.Draw(format, figure.DefaultSize())
	if err != nil {
		return err
	}
	return file.Replace(path, content)
}

// files writes a figure beside the page, and keeps the forms that the page holds, too: the vectors and the data.
func (o Output) files(f shownFigure, dir string) ([]figureFile, error) {
	var all []figureFile
	add := func(name string, beside bool, content []byte) (err error) {
		form := figureFile{Name: name, Beside: beside}
		if beside {
			form.sum = checksum(content)
			if err := file.Replace(filepath.Join(dir, name), content); err != nil {
				return err
			}
		}
		if ext := filepath.Ext(name); ext == ".svg" || ext == ".csv" {
			form.packed, err = packedInside(content)
		}
		all = append(all, form)
		return err
	}
	for _, format := range figure.Formats() {
		beside := slices.Contains(o.formats, format)
		if !beside && format != "svg" {
			continue
		}
		content, err := f.Draw(format, o.size)
		if err != nil {
			return nil, err
		}
		if err := add(f.Name+"."+format, beside, content); err != nil {
			return nil, err
		}
	}
	return all, add(f.Name+".csv", true, f.whole.CSV())
}
