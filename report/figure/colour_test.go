package figure

import (
	"image/color"
	"math"
	"testing"
)

type rgb [3]float64

// linear is a colour in linear light, from 0 to 1.
func linear(c color.NRGBA) rgb {
	var v rgb
	for i, b := range []uint8{c.R, c.G, c.B} {
		if s := float64(b) / 0xFF; s <= 0.04045 {
			v[i] = s / 12.92
		} else {
			v[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return v
}

func (v rgb) times(m [3]rgb) rgb {
	var w rgb
	for i, row := range m {
		for k := range row {
			w[i] += row[k] * v[k]
		}
		w[i] = min(max(w[i], 0), 1)
	}
	return w
}

// lab is CIELAB under D65, in which a distance of about 2 is just seen.
func (v rgb) lab() rgb {
	xyz := v.times([3]rgb{{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}})
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x, y, z := f(xyz[0]/0.95047), f(xyz[1]), f(xyz[2]/1.08883)
	return rgb{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func (v rgb) from(w rgb) float64 {
	return math.Sqrt((v[0]-w[0])*(v[0]-w[0]) + (v[1]-w[1])*(v[1]-w[1]) + (v[2]-w[2])*(v[2]-w[2]))
}

// visions are ways to see: with all cones, without one of the three (Machado, Oliveira and Fernandes 2009), in grey.
var visions = map[string][3]rgb{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	"grey":         {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
}

// However colours are seen, those of a heat map grow darker from step to step, over most of the range from white to black.
func TestHeatIsOrdered(t *testing.T) {
	t.Parallel()
	for name, seen := range visions {
		first := linear(heatColour(0)).times(seen).lab()[0]
		last := first
		for i := 1; i < shades; i++ {
			next := linear(heatColour((float64(i) + 0.5) / shades)).times(seen).lab()[0]
			if !(next < last-0.5) {
				t.Errorf("%s: step %d has the lightness %.1f after %.1f", name, i, next, last)
			}
			last = next
		}
		if first-last < 65 {
			t.Errorf("%s: from %.0f to %.0f", name, first, last)
		}
	}
	for _, share := range []float64{0, 0.5, 1, math.NaN(), math.Inf(1), -1} {
		if c := heatColour(span{min: 0, max: 1}.share(share)); c.A != 0xFF {
			t.Errorf("%v has no colour", share)
		}
	}
}

// Series that share a panel are told apart by their colours, however these are seen; in grey dashes and markers do that.
func TestSeriesColoursAreToldApart(t *testing.T) {
	t.Parallel()
	for name, seen := range visions {
		for i := range colours {
			for k := range i {
				a, b := linear(colours[i]).times(seen).lab(), linear(colours[k]).times(seen).lab()
				if d := a.from(b); d < 9 && name != "grey" {
					t.Errorf("%s: colours %d and %d are %.1f apart", name, k, i, d)
				}
			}
		}
	}
	for i := range 4 {
		a, b := Style{Colour: i, Dash: i, Marker: i}, Style{Colour: i + 1, Dash: i + 1, Marker: i + 1}
		if len(a.line().Dashes) == len(b.line().Dashes) && i < 3 && len(a.line().Dashes) != 2 ||
			a.marker(1).Shape == b.marker(1).Shape {
			t.Errorf("series %d and %d have the same line or marker", i, i+1)
		}
	}
}

// Letters have a contrast of 4.5 with what is behind them, on paper and on each colour of a heat map.
func TestLettersCanBeRead(t *testing.T) {
	t.Parallel()
	ratio := func(a, b color.NRGBA) float64 {
		y := func(c color.NRGBA) float64 { v := linear(c); return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2] + 0.05 }
		return max(y(a), y(b)) / min(y(a), y(b))
	}
	for name, style := range map[string]color.Color{
		"title": titleStyle.Color, "panel": panelStyle.Color, "label": labelStyle.Color, "entry": entryStyle.Color,
		"key":  keyStyle.Color,
		"mark": markStyle.Color, "tick": tickStyle.Color, "reference": referenceStyle.Color,
	} {
		if r := ratio(style.(color.NRGBA), paper); r < 4.5 {
			t.Errorf("%s: contrast %.2f", name, r)
		}
	}
	for i := range shades {
		background := heatColour((float64(i) + 0.5) / shades)
		if r := ratio(letterOn(background), background); r < 4.5 {
			t.Errorf("letters on %v: contrast %.2f", background, r)
		}
		if r := contrast(letterOn(background), background); math.Abs(r-ratio(letterOn(background), background)) > 1e-9 {
			t.Errorf("contrast is %v", r)
		}
	}
}
