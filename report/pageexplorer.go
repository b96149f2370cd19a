package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
)

const (
	mostLines    = 1000    // single runs that a page holds; of more it holds the cells
	mostPoints   = 64      // of a line
	mostExplored = 420_000 // bytes of all lines, packed
	packedBytes  = 4       // that a value takes, about
)

// explored is what a page holds for its explorer: columns of cells and runs, and the lines of each measure, each packed by
// itself, so that the browser unpacks what it draws.
type explored struct {
	Study string            `json:"study"` // columns, packed
	Lines map[string]string `json:"lines"` // by the name of the measure, packed
}

// columns are the cells and runs of a study. Lines belong to runs, or to cells where there are too many runs.
type columns struct {
	Axes     []exploredAxis    `json:"axes"`
	Cells    exploredCells     `json:"cells"`
	Runs     exploredRuns      `json:"runs"`
	OfCells  bool              `json:"ofCells"` // lines are of cells: mean, lowest and highest run
	Grids    [][]int           `json:"grids"`   // epochs at which lines have points
	Grid     []int             `json:"grid"`    // of each line
	Measures []exploredMeasure `json:"measures"`
	Left     []string          `json:"left"` // measures for which the page has no room
}

type exploredAxis struct {
	Name    string    `json:"name"`
	Labels  []string  `json:"labels"`
	Places  []string  `json:"places"`
	Numbers []float64 `json:"numbers"` // nil where labels are no numbers
}

type exploredCells struct {
	Label      []string            `json:"label"`
	At         [][]int             `json:"at"` // place on each axis
	Parameters []int               `json:"parameters"`
	Keys       map[string][]string `json:"keys"` // those in which cells differ
}

type exploredRuns struct {
	ID     []string       `json:"id"`
	Cell   []int          `json:"cell"`
	Status []store.Status `json:"status"`
	Data   []uint64       `json:"data"`
	Init   []uint64       `json:"init"`
	Order  []uint64       `json:"order"`
	Epochs []int          `json:"epochs"`
	// By the run's number, of those that have any.
	Remarks map[int]exploredRemarks `json:"remarks,omitempty"`
}

// exploredRemarks are what people have put to a run.
type exploredRemarks struct {
	Tags  string `json:"tags,omitempty"`
	Notes string `json:"notes,omitempty"`
}

// exploration packs the results for the explorer; "" where no run has measured an epoch, or the page has no room for any measure.
func (r *results) exploration(ctx context.Context, axes []filterAxis) (packed string, err error) {
	c := r.exploredColumns(axes)
	most := mostPoints
	if c.OfCells { // of each cell mean, lowest and highest
		most = min(most, max(2, mostExplored/(3*packedBytes*len(r.cells))))
	}
	lines, err := r.exploredLines(ctx, c.OfCells, most)
	if err != nil || !slices.ContainsFunc(lines, func(l exploredLine) bool { return len(l.epochs) > 0 }) {
		return "", err
	}
	c.addGrids(lines)
	page := explored{Lines: map[string]string{}}
	room, size := mostExplored, 0
	for _, m := range r.exploredMeasures() {
		if !taken(lines, m) {
			continue
		}
		// As large as the one before it would find no room; of cells they are all about as large.
		packed, full := "", 3*size > 4*room || c.OfCells && size > room
		if !full {
			if packed, err = packedLines(lines, m, room); err != nil {
				return "", err
			}
		}
		if packed == "" {
			c.Left = append(c.Left, m.Split+" "+m.Title)
			continue
		}
		room, size = room-len(packed), len(packed)
		page.Lines[m.Name] = packed
		c.Measures = append(c.Measures, m)
	}
	if len(page.Lines) == 0 {
		r.warnings = append(r.warnings, fmt.Sprintf("%s are more than the explorer has room for, so the page has none; nightshift "+
			"export epochs %s has all.", number.Count(len(r.cells), "cell"), file.ShellWord(r.Study.Study)))
		return "", nil
	}
	if most < mostPoints && slices.ContainsFunc(lines, func(l exploredLine) bool { return l.more }) {
		c.Left = append(c.Left, fmt.Sprintf("more than %s of a line", number.Count(most, "epoch")))
	}
	return page.with(c)
}

// with packs the columns, too.
func (page explored) with(c columns) (packed string, err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	if page.Study, err = packedText(text); err != nil {
		return "", err
	}
	whole, err := json.Marshal(page) // which escapes what would end the element around it
	return string(whole), err
}

// exploredColumns are the cells and runs, without their lines.
func (r *results) exploredColumns(axes []filterAxis) columns {
	c := columns{OfCells: len(r.Runs) > mostLines, Axes: r.exploredAxes(axes)}
	for i, one := range r.cells {
		c.addCell(i, one, axes)
		for j := range one.Runs {
			c.addRemarks(len(c.Runs.ID)-len(one.Runs)+j, r.remarks[one.Runs[j].ID])
		}
	}
	c.Cells.Keys = r.differingKeys()
	return c
}

// exploredAxes are axes with the numbers that stand for their labels.
func (r *results) exploredAxes(axes []filterAxis) []exploredAxis {
	var all []exploredAxis
	for _, a := range axes {
		x := exploredAxis{Name: a.Name}
		for _, v := range a.Values {
			x.Labels, x.Places = append(x.Labels, v.Label), append(x.Places, v.Place)
			at := slices.IndexFunc(r.cells, func(c *cell) bool { return c.axisLabel(a.Name) == v.whole })
			for _, on := range r.cells[at].Axes {
				if number, ok := on.Value.(float64); ok && on.Axis == a.Name {
					x.Numbers = append(x.Numbers, number)
				}
			}
		}
		if len(x.Numbers) < len(x.Labels) {
			x.Numbers = nil
		}
		all = append(all, x)
	}
	return all
}

// addCell adds a cell with its runs.
func (c *columns) addCell(i int, one *cell, axes []filterAxis) {
	c.Cells.Label = append(c.Cells.Label, one.Label)
	c.Cells.At = append(c.Cells.At, one.filterPlaces(axes))
	c.Cells.Parameters = append(c.Cells.Parameters, one.parameters())
	for _, r := range one.Runs {
		c.Runs.ID = append(c.Runs.ID, r.ID[:min(12, len(r.ID))])
		c.Runs.Cell = append(c.Runs.Cell, i)
		c.Runs.Status = append(c.Runs.Status, r.Status)
		c.Runs.Data = append(c.Runs.Data, r.SeedData)
		c.Runs.Init = append(c.Runs.Init, r.SeedInit)
		c.Runs.Order = append(c.Runs.Order, r.SeedOrder)
		c.Runs.Epochs = append(c.Runs.Epochs, r.Epochs)
	}
}

// addRemarks adds what people have put to a run, if there is anything.
func (c *columns) addRemarks(run int, remarks []store.Remark) {
	if len(remarks) == 0 {
		return
	}
	if c.Runs.Remarks == nil {
		c.Runs.Remarks = map[int]exploredRemarks{}
	}
	tags, notes := remarkTexts(remarks)
	c.Runs.Remarks[run] = exploredRemarks{strings.Join(tags, ", "), strings.Join(notes, " · ")}
}

// parameters is how many weights and biases a network of the cell has; 0 where that is not known yet.
func (c *cell) parameters() int {
	most := 0
	for _, r := range c.Runs {
		most = max(most, r.Parameters)
	}
	return most
}

// differingKeys are the keys of the configuration in which cells differ, with the value of each cell.
func (r *results) differingKeys() map[string][]string {
	all := map[string][]string{}
	for i, c := range r.cells {
		flat := map[string]string{}
		flatten(flat, "", c.Runs[0].Config)
		for key, value := range flat {
			if all[key] == nil {
				all[key] = make([]string, len(r.cells))
			}
			all[key][i] = value
		}
	}
	for key, values := range all {
		if !slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
			delete(all, key)
		}
	}
	return all
}

// flatten gives the values of a JSON object by the paths of their keys.
func flatten(all map[string]string, path string, value json.RawMessage) {
	var inner map[string]json.RawMessage
	if json.Unmarshal(value, &inner) != nil {
		all[path] = strings.Trim(string(value), `"`)
		return
	}
	for key, v := range inner {
		flatten(all, strings.TrimPrefix(path+"."+key, "."), v)
	}
}

type exploredMeasure struct {
	Name  string `json:"name"`
	Title string `json:"title"` // with its unit
	Split string `json:"split"`
}
