package figure

// What a page draws of single runs, so that it stays small whatever the number of runs is: the files of a figure have all.
const (
	mostDots   = 600   // runs that are one dot, in one figure
	mostPlaces = 20000 // places of the lines of runs
	mostWorded = 600   // means that say what they are
)

// sparse says how much of a figure a page draws: the first of so many runs, and words for the first of so many means.
type sparse struct{ dots, lines, means int }

// sparse counts what the figure has.
func (f Figure) sparse() sparse {
	var dots, places, means int
	for _, p := range f.Panels {
		for _, s := range p.Series {
			means += len(s.Means)
			for _, r := range s.Repeats {
				if len(r.Points) == 1 {
					dots++
				} else {
					places += len(r.Points)
				}
			}
		}
	}
	every := func(n, most int) int { return max(1, (n+most-1)/most) }
	return sparse{every(dots, mostDots), every(places, mostPlaces), every(means, mostWorded)}
}

// of leaves out runs of a series, but none that has a note or a sign.
func (e sparse) of(s Series) Series {
	var kept []Repeat
	dots, lines := 0, 0
	for _, r := range s.Repeats {
		count, every := &lines, e.lines
		if len(r.Points) == 1 {
			count, every = &dots, e.dots
		}
		if *count%every == 0 || r.Note != "" || r.Ended != "" {
			kept = append(kept, r)
		}
		*count++
	}
	s.Repeats = kept
	return s
}

// InlineKey is the key of the figure inside a page, which says what only the files have.
func (f Figure) InlineKey() string {
	e := f.sparse()
	if most := max(e.dots, e.lines); most > 1 {
		return f.Key + " " + "Of very many single runs the page draws some; the files have all."
	}
	return f.Key
}
