package networks

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Path is the way of a training in the plane of its two principal components.
type Path struct {
	Directions [2]Point     // of length 1; in the plane through the last point
	At         [][2]float64 // of each point, relative to the last
	Shares     []float64    // of the variance that each principal component explains, the largest first
}

// NewPath finds the principal components of some points by their Gram matrix, [n, n],
// and projects them relative to the last one: n is far below the parameters. It needs
// three points; nil where they do not differ.
func NewPath(points []Point) *Path {
	n := len(points)
	if n < 3 {
		return nil
	}
	gram := centredGram(points)
	var eigen mat.EigenSym
	if !eigen.Factorize(gram, true) {
		return nil
	}
	values := eigen.Values(nil) // the smallest first
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total := 0.0
	for _, v := range values {
		total += math.Max(0, v)
	}
	if total == 0 {
		return nil
	}
	p := &Path{At: make([][2]float64, n)}
	for k := range n {
		p.Shares = append(p.Shares, math.Max(0, values[n-1-k])/total)
	}
	size := len(points[0])
	for k := range p.Directions {
		d := make(Point, size)
		column := n - 1 - k
		for t, at := range points { // the component is the sum of the points, by the entries of the eigenvector
			share := vectors.At(t, column)
			for i, v := range at {
				d[i] += share * (v - points[n-1][i])
			}
		}
		if length := norm(d); length > 0 {
			for i := range d {
				d[i] /= length
			}
		}
		for t, at := range points {
			for i, v := range at {
				p.At[t][k] += d[i] * (v - points[n-1][i])
			}
		}
		if p.At[0][k] < 0 { // the start is on the right and above
			for i := range d {
				d[i] = -d[i]
			}
			for t := range p.At {
				p.At[t][k] = -p.At[t][k]
			}
		}
		p.Directions[k] = d
	}
	return p
}

// centredGram has the inner products of the points, their mean subtracted.
func centredGram(points []Point) *mat.SymDense {
	n := len(points)
	last := points[n-1]
	raw := make([]float64, n*n)
	difference := make([]float64, len(last))
	for i, p := range points {
		for k, v := range p {
			difference[k] = v - last[k]
		}
		for j, q := range points[:i+1] {
			sum := 0.0
			for k, v := range q {
				sum += difference[k] * (v - last[k])
			}
			raw[i*n+j], raw[j*n+i] = sum, sum
		}
	}
	mean, all := make([]float64, n), 0.0
	for i := range n {
		for j := range n {
			mean[i] += raw[i*n+j] / float64(n)
		}
		all += mean[i] / float64(n)
	}
	gram := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			gram.SetSym(i, j, raw[i*n+j]-mean[i]-mean[j]+all)
		}
	}
	return gram
}
