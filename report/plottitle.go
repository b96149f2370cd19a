package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/study"
)

// titleOf says what is seen where tests carry it for every line, else what is drawn.
func (p plot) titleOf(shapes []shape) string {
	what, along := sentence(p.measureNames()), p.alongWords()
	shapes = inOneWord(shapes)
	drawn := fmt.Sprintf("%s by %s", what, listed(p.drawnAxes()))
	if len(shapes) == 0 || slices.ContainsFunc(shapes, func(s shape) bool { return s.word == "" }) {
		return drawn
	}
	if len(p.f.Measures) > 1 {
		return cmp.Or(shapesByMeasure(shapes, along), drawn)
	}
	among := amongWords(p.among) + p.b.soFar()
	if !slices.ContainsFunc(shapes, func(s shape) bool { return s.word != shapes[0].word }) {
		if shapes[0].namesPlaces() {
			return what + " " + shapes[0].word + among
		}
		return fmt.Sprintf("%s %s %s%s", what, shapes[0].word, along, among)
	}
	if groups := shapesByLine(shapes); groups != "" {
		return fmt.Sprintf("%s %s: %s%s", what, along, groups, among)
	}
	return drawn
}

// inOneWord says of all lines that they fall where a trend says so of some and the ends of the others; likewise that they rise.
func inOneWord(shapes []shape) []shape {
	shapes = slices.Clone(shapes)
	for _, verb := range []string{"falls", "rises"} {
		if !slices.ContainsFunc(shapes, func(s shape) bool { return s.word == verb }) {
			continue
		}
		for i := range shapes {
			if strings.HasPrefix(shapes[i].word, verb+" from ") {
				shapes[i].word = verb
			}
		}
	}
	return shapes
}

// namesPlaces says whether its words name the places that it is about.
func (s shape) namesPlaces() bool {
	return strings.Contains(s.word, " at ") || strings.Contains(s.word, " from ")
}

// shapesByMeasure says how several measures change: "Bias² falls, variance rises with width". It is empty where the lines of one
// differ. Places that are the same of all are named once.
func shapesByMeasure(shapes []shape, along string) string {
	_, places, _ := strings.Cut(shapes[0].word, " from ")
	one := places != "" && !slices.ContainsFunc(shapes, func(s shape) bool { return !strings.HasSuffix(s.word, " from "+places) })
	if one {
		along = "from " + places
	} else if slices.ContainsFunc(shapes, shape.namesPlaces) {
		along = ""
	}
	var each []string
	for i, s := range shapes {
		switch {
		case i == 0 || s.of != shapes[i-1].of:
			word := s.word
			if one {
				word = strings.TrimSuffix(word, " from "+places)
			}
			each = append(each, s.of+" "+word)
		case strings.Contains(s.word, " from "), s.word != shapes[i-1].word:
			return ""
		}
	}
	return strings.TrimSpace(sentence(strings.Join(each, ", ")) + " " + along)
}

// shapesByLine names the lines of each shape: "relu and tanh rise; identity stays at 0 %". It is empty where a line has
// another shape in another panel, or there are too many shapes.
func shapesByLine(shapes []shape) string {
	of := map[string]string{} // shape of each line
	var words []string
	lines := map[string][]string{}
	for _, s := range shapes {
		name := s.line
		if name == "" {
			name = s.panel
		}
		if old, met := of[name]; met && old != s.word {
			return ""
		} else if met {
			continue
		}
		if of[name] = s.word; !slices.Contains(words, s.word) {
			words = append(words, s.word)
		}
		lines[s.word] = append(lines[s.word], name)
	}
	if len(words) > 3 || len(of) > 6 {
		return ""
	}
	var each []string
	for _, w := range words {
		each = append(each, listed(lines[w])+" "+plural(w, len(lines[w])))
	}
	return strings.Join(each, "; ")
}

// plural is the verb of a shape for so many lines.
func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	for _, verb := range []string{"rises", "falls", "peaks", "stays", "shows"} {
		word = strings.ReplaceAll(word, verb, strings.TrimSuffix(verb, "s"))
	}
	return strings.Replace(word, "has ", "have ", 1)
}

// alongWords name the axis that a shape goes along.
func (p plot) alongWords() string {
	switch p.f.X {
	case study.Layer:
		return "from layer to layer"
	case study.Parameters:
		return "with the number of weights"
	case trainingExamples:
		return "with the number of training examples"
	}
	return "with " + axisWords(p.f.X)
}

// drawnAxes are the axes that a reader sees.
func (p plot) drawnAxes() []string {
	names := []string{axisWords(p.f.X)}
	if p.lines.name != "" && len(p.lines.labels) > 1 {
		names = append(names, axisWords(p.lines.name))
	}
	if p.f.Panels != "" {
		names = append(names, axisWords(p.f.Panels))
	}
	return names
}
