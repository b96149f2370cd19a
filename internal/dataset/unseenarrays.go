package dataset

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// notTable tells a file of an array, an image or a folder from a table.
func notTable(place string) bool {
	if isFolder(place) || imageName(place) {
		return true
	}
	r, _, err := open(place)
	if err != nil {
		return false
	}
	defer r.Close()
	begin := make([]byte, 6)
	_, err = io.ReadFull(r, begin)
	return err == nil && bytes.Equal(begin, []byte("\x93NUMPY"))
}

// unseenArray reads rows of so many inputs from an .npy file, an image, or a folder of images.
func unseenArray(_ set, s Spec, place string, in int) (*examples, error) {
	if isFolder(place) || imageName(place) {
		ex, err := unseenImages(s, place, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		return ex, nil
	}
	a, err := openArray(place)
	switch {
	case err != nil:
		return nil, err
	case a.kind == 'U' || a.kind == 'S':
		return nil, fmt.Errorf("%s: it holds text, and inputs are numbers", place)
	case len(a.shape) < 2 || a.inner() != in || a.shape[0] == 0:
		return nil, fmt.Errorf("%s: its shape is %v, and the network was trained with rows of %d inputs; of one row save x[None]",
			place, a.shape, in)
	}
	ex := &examples{n: a.shape[0], in: in}
	ex.row = func(i int, x []float64) {
		for j := range x {
			x[j] = a.value(i*in + j)
		}
	}
	for i := range ex.n * in {
		if v := a.value(i); !finite(v) {
			return nil, fmt.Errorf("%s: input %d of row %d is %g, and inputs are finite numbers", place, i%in+1, i/in+1, v)
		}
	}
	return ex, nil
}

// unseenImages reads an image, or those of a folder in the order of their names.
func unseenImages(s Spec, place string, in int) (*examples, error) {
	files := []labelled{{path: place, name: filepath.Base(place)}}
	if isFolder(place) {
		files = nil
		entries, err := os.ReadDir(place)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if imageName(e.Name()) && !strings.HasPrefix(e.Name(), ".") {
				files = append(files, labelled{path: filepath.Join(place, e.Name()), name: e.Name()})
			}
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("there are no PNG or JPEG images in it; it holds %s", contents(place))
		}
	}
	pictures, err := decodeAll(files, s.Size)
	if err != nil {
		return nil, err
	}
	rows := newPixels(in, len(pictures))
	for i, p := range pictures {
		values := p.rgb
		if p.rows*p.columns == in {
			if !p.gray() {
				return nil, fmt.Errorf("%s has colours, and the network was trained with grey images", files[i].name)
			}
			values = p.single()
		}
		if len(values) != in {
			return nil, fmt.Errorf("%s has %d by %d pixels, and the network was trained with %d inputs", files[i].name, p.rows, p.columns,
				in)
		}
		rows.add(values)
	}
	return rows.examples(), nil
}
