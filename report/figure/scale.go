package figure

import "math"

// Steep is the factor by which errors fall on a curve that would lie flat on a
// linear axis from then on.
const Steep = 20

// UseLog makes the vertical axes logarithmic where the means span more than a
// factor and the lower end of each, as low gives it, is positive. Means of 0 have a place of their own on such an axis.
func UseLog(panels []Panel, factor float64, low func(Point) float64) {
	least, most := math.Inf(1), 0.0
	for _, p := range panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				if m.Y != 0 {
					least, most = min(least, m.Y, low(m)), max(most, m.Y)
				}
			}
		}
	}
	for i := range panels {
		panels[i].Y.Log = panels[i].Y.Log || least > 0 && most > factor*least
	}
}

// Mean is the value of a point without its interval. It is an argument for UseLog, as is Low.
func (p Point) Mean() float64 { return p.Y }

// Low is the lower end of a point's interval, or its value where it has none.
func (p Point) Low() float64 {
	if p.Interval.Known() {
		return p.Interval.Lo
	}
	return p.Y
}

// Wide says whether the values of single runs along x are positive and span
// more than a decade.
func (p Panel) Wide() bool {
	low, high := 0.0, 0.0
	for _, s := range p.Series {
		for _, r := range s.Repeats {
			for _, q := range r.Points {
				if low == 0 || q.X < low {
					low = q.X
				}
				high = max(high, q.X)
			}
		}
	}
	return low > 0 && high/low > 10
}

// Reach is from where to where along x there are means and single runs; the lower end is above the upper where there are none.
func (p Panel) Reach() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range p.Series {
		for _, m := range s.Means {
			low, high = min(low, m.X), max(high, m.X)
		}
		for _, r := range s.Repeats {
			for _, q := range r.Points {
				low, high = min(low, q.X), max(high, q.X)
			}
		}
	}
	return low, high
}

// Highest is the largest mean or value of a single run along y.
func (p Panel) Highest() float64 {
	_, high := p.Heights()
	return high
}

// Heights are the least and the largest mean or value of a single run along y; infinities where there is none.
func (p Panel) Heights() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range p.Series {
		for _, m := range s.Means {
			low, high = min(low, m.Y), max(high, m.Y)
		}
		for _, r := range s.Repeats {
			for _, q := range r.Points {
				low, high = min(low, q.Y), max(high, q.Y)
			}
		}
	}
	return low, high
}
