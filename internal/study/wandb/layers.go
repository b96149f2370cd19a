package wandb

import (
	"cmp"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// layer is a parameter that is the size of one hidden layer.
type layer struct {
	number int
	name   string
	field  source.Field
}

// putLayers makes hidden of the sizes of single layers: every combination of them.
func (s *sweep) putLayers() {
	if len(s.layers) == 0 {
		return
	}
	slices.SortStableFunc(s.layers, func(a, b layer) int { return cmp.Compare(a.number, b.number) })
	width, hidden := study.Keys().Find("width"), study.Keys().Find("hidden")
	var names []string
	combinations := []string{""}
	for _, l := range s.layers {
		if s.taken(hidden, l.name, l.field) {
			return
		}
		names = append(names, l.name)
		sizes, drawn := s.space(width, l.name, l.field)
		if drawn != "" {
			s.Add(l.field.At, "parameter %s is left out: hidden has no distribution; list the sizes of the layer", l.name)
		}
		var longer []string
		for _, c := range combinations {
			for _, size := range sizes {
				longer = append(longer, strings.TrimPrefix(c+", "+size, ", "))
			}
		}
		if combinations = longer; len(combinations) > most {
			s.Add(l.field.At, "the layers have more than %d combinations; list those that are meant as hidden", most)
			combinations = nil
		}
		if len(combinations) == 0 {
			s.Add(s.layers[0].field.At, "the sizes of single layers are left out, %s: hidden has all of them or none",
				plain(strings.Join(names, ", ")))
			return
		}
	}
	for i, c := range combinations {
		combinations[i] = "[" + c + "]"
	}
	s.putValues(hidden, combinations, strings.Join(names, ", "), s.layers[0].field)
}
