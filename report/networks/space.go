package networks

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/mlp"
)

// Point is a network as a point in the space of its parameters, in the order of
// mlp.Network.Parameters.
type Point []float64

// Space is the space of the parameters of one configuration.
type Space struct {
	Config  mlp.Config
	In, Out int
	Layers  []Layer
	Size    int // parameters

	names []string // of the tensors of parameters, in the order of a point
	sizes []int
}

// Layer says where a point has the parameters of a layer. An offset is -1 where the
// layer has none of a kind.
type Layer struct {
	In, Out     int // columns and rows of the weights
	weight      int // of the weights, row by row
	bias        int
	gamma, beta int // scale and shift of batch normalisation
}

// NewSpace lays out the parameters of a configuration. The error says what is wrong
// with the configuration.
func NewSpace(c mlp.Config, in, out int) (*Space, error) {
	n, err := mlp.NewNetwork(c, in, out, mlp.Seeds{})
	if err != nil {
		return nil, err
	}
	s := &Space{Config: c, In: in, Out: out}
	for _, t := range n.Weights() {
		if strings.Contains(t.Name, "running") {
			continue
		}
		last := len(s.Layers) - 1
		switch module, _, _ := strings.Cut(t.Name, "."); {
		case module == "layers" && len(t.Shape) == 2:
			s.Layers = append(s.Layers, Layer{t.Shape[1], t.Shape[0], s.Size, -1, -1, -1})
		case module == "layers":
			s.Layers[last].bias = s.Size
		case module == "norms" && strings.HasSuffix(t.Name, "weight"):
			s.Layers[last].gamma = s.Size
		case module == "norms":
			s.Layers[last].beta = s.Size
		}
		s.names, s.sizes = append(s.names, t.Name), append(s.sizes, len(t.Data))
		s.Size += len(t.Data)
	}
	return s, nil
}

// Point gives the parameters among tensors; running statistics are left out. The
// error says which are missing.
func (s *Space) Point(tensors []mlp.Tensor) (Point, error) {
	p := make(Point, 0, s.Size)
	for i, name := range s.names {
		at := slices.IndexFunc(tensors, func(t mlp.Tensor) bool { return t.Name == name })
		if at < 0 || len(tensors[at].Data) != s.sizes[i] {
			return nil, fmt.Errorf("weights of this configuration need the tensor %s with %d numbers", name, s.sizes[i])
		}
		p = append(p, tensors[at].Data...)
	}
	return p, nil
}

// Weights are those of a layer, [out, in], as a part of the point.
func (s *Space) Weights(p Point, layer int) []float64 {
	l := s.Layers[layer]
	return p[l.weight : l.weight+l.In*l.Out]
}

// Biases are those of a layer, [out], as a part of the point.
func (s *Space) Biases(p Point, layer int) []float64 {
	l := s.Layers[layer]
	return p[l.bias : l.bias+l.Out]
}

// norms are scale and shift of a layer's batch normalisation, as parts of the point;
// nil where it has none.
func (s *Space) norms(p Point, layer int) (gamma, beta []float64) {
	l := s.Layers[layer]
	if l.gamma < 0 {
		return nil, nil
	}
	return p[l.gamma : l.gamma+l.Out], p[l.beta : l.beta+l.Out]
}

// Distance is the norm of the difference of two networks, divided by the geometric
// mean of their norms where relative is asked for.
func (p Point) Distance(q Point, relative bool) float64 {
	var square, pp, qq float64
	for i, v := range p {
		square += (v - q[i]) * (v - q[i])
		pp += v * v
		qq += q[i] * q[i]
	}
	if relative {
		return math.Sqrt(square) / math.Pow(pp*qq, 0.25)
	}
	return math.Sqrt(square)
}

// mix is the point at share along the way from p to q.
func (p Point) mix(to []float64, q Point, share float64) {
	for i, v := range p {
		to[i] = (1-share)*v + share*q[i]
	}
}
