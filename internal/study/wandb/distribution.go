package wandb

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// distribution reads min and max, and how the numbers between are spread.
func (s *sweep) distribution(k *study.Key, name string, f source.Field) (values []string, drawn string) {
	n := f.Value
	ends := [2]float64{}
	integers := true
	for i, end := range []string{"min", "max"} {
		e := n.Field(end)
		if e == nil {
			continue
		}
		v, ok := e.Value.Number()
		if !ok {
			s.Add(e.At, "parameter %s is left out: %s is a number; found %v", name, end, e.Value)
			return nil, ""
		}
		ends[i] = v
		integers = integers && e.Value.Tag == "!!int"
	}
	kind := ""
	if d := n.Field("distribution"); d != nil {
		kind = d.Value.Text
	} else if integers {
		kind = "int_uniform"
	} else {
		kind = "uniform"
	}
	q := 0.0
	if strings.HasPrefix(kind, "q_") {
		q = 1
		if f := n.Field("q"); f != nil {
			q, _ = f.Value.Number()
		}
	}
	kind = strings.TrimPrefix(kind, "q_")
	log := strings.Contains(kind, "log_uniform")
	switch kind {
	case "uniform", "int_uniform", "log_uniform_values", "inv_log_uniform_values":
	case "log_uniform":
		ends = [2]float64{digits(math.Exp(ends[0])), digits(math.Exp(ends[1]))}
	case "inv_log_uniform":
		ends = [2]float64{digits(math.Exp(-ends[1])), digits(math.Exp(-ends[0]))}
	default:
		s.Add(f.At, "parameter %s is left out: a study has no distribution %s; give it uniform or log_uniform", name, plain(kind))
		return nil, ""
	}
	switch {
	case !n.Has("min") || !n.Has("max"):
		s.Add(f.At, "parameter %s is left out: it has neither value, values nor min and max", name)
		return nil, ""
	case !k.Kind.Numeric():
		s.Add(f.At, "parameter %s is left out: %s is %s, which has no distribution", name, k.Path, k.Kind)
		return nil, ""
	case !(ends[0] < ends[1]) || math.IsInf(ends[1], 0) || log && ends[0] <= 0:
		s.Add(f.At, "parameter %s is left out: no numbers are between its min and max", name)
		return nil, ""
	}
	return s.between(k, name, f, ends, spacing{kind == "int_uniform", log, q})
}

// spacing says how the numbers of a distribution are spread.
type spacing struct {
	integers, log bool
	q             float64 // numbers are its multiples; 0 for any
}

// between is numbers from one to another: a list or a range for a grid, a
// distribution where they are drawn.
func (s *sweep) between(k *study.Key, name string, f source.Field, ends [2]float64, by spacing) (values []string, drawn string) {
	low, high := ends[0], ends[1]
	if (k.Kind == study.Whole || k.Kind == study.Amount && high >= 1) && !by.integers {
		by.integers = true
		low, high = math.Ceil(low), math.Floor(high)
		if by.q != math.Trunc(by.q) {
			by.q = 1
		}
		if by.q == 0 {
			s.Add(f.At, "%s is a whole number, so those between the min and max of %s are drawn", k.Path, name)
		}
	}
	if !allows(k, low) || !allows(k, high) {
		s.Add(f.At, "parameter %s is left out: %s cannot be all that is from %s to %s", name, k.Path, number(low), number(high))
		return nil, ""
	}
	step := by.q
	if by.integers && step == 0 {
		step = 1
	}
	if from, to := math.Ceil(low/step-1e-9), math.Floor(high/step+1e-9); step > 0 && to >= from && to-from < most &&
		(!by.log || !s.drawn) && (!s.drawn || step != 1 || !by.integers) {
		for i := from; i <= to; i++ {
			values = append(values, number(digits(i*step)))
		}
		if s.drawn && by.q > 0 {
			s.Add(f.At, "the multiples of q of %s are all equally likely; in a sweep those at the ends are less so", name)
		}
		return slices.Compact(values), ""
	}
	if by.q > 0 && !(by.integers && by.q == 1) {
		s.Add(f.At, "%s is not rounded to multiples of %s", name, number(by.q))
	}
	if !s.drawn {
		s.Add(f.At, "a grid has no end between the min and max of %s, so these are drawn as sample says", name)
	}
	kind := "uniform"
	if by.log {
		kind = "log_uniform"
	}
	if by.integers {
		kind = "int_" + kind
	}
	if low >= high {
		s.Add(f.At, "parameter %s is left out: no whole numbers are between its min and max", name)
		return nil, ""
	}
	return nil, fmt.Sprintf("{%s: [%s, %s]}", kind, number(low), number(high))
}

// digits rounds to six, so that a number is one that one would write.
func digits(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return short
}
