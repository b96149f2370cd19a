package page

import (
	"encoding/binary"
	"slices"
)

// Row is a row of a table or index.
type Row struct {
	Page  int
	Index bool  // of an index, or of a table WITHOUT ROWID
	ID    int64 // rowid, unless of an index
	// Values are nil, int64, float64, string or []byte. That which the rowid stands for is nil.
	Values []any
}

// Page is a page with rows.
type Page struct {
	Number int
	// Table is the table or index that the page belongs to, by its name; "" where what leads
	// to it is lost, or where it was given up and is no part of the database any more.
	Table string
	Rows  []Row
	Whole bool // all that was on it could be read
}

// Pages calls do for every page that has rows: first for those of which it is known
// what they belong to, then for the others, without those that are free.
// It returns the numbers of pages that are nothing but zeros.
func (f *File) Pages(do func(Page) error) (empty []int, err error) {
	owners, free, empty, err := f.survey()
	if err != nil {
		return nil, err
	}
	for _, known := range []bool{true, false} {
		for n := 1; n <= f.count; n++ {
			owner, owned := owners[n]
			if owned != known || !owned && free[n] {
				continue
			}
			page, err := f.page(n)
			if err != nil {
				return empty, err
			}
			if p, ok := f.read(n, page); ok {
				p.Table = owner
				if err := do(p); err != nil {
					return empty, err
				}
			}
		}
	}
	return empty, nil
}

// read gives the rows of a page; false for one that has none.
func (f *File) read(n int, page []byte) (Page, bool) {
	kind := page[header(n)]
	if kind != tableLeaf && kind != indexLeaf && kind != indexInterior {
		return Page{}, false
	}
	p := Page{Number: n}
	var at []int
	at, p.Whole = f.cells(n, page)
	for _, cell := range at {
		record, id, err := f.payload(kind, page[cell:f.usable])
		var list []any
		if err == nil {
			list, err = values(record)
		}
		if err != nil {
			p.Whole = false
			continue
		}
		p.Rows = append(p.Rows, Row{n, kind != tableLeaf, id, list})
	}
	return p, true
}

// survey finds out what pages belong to, which are free, and which are empty.
func (f *File) survey() (owners map[int]string, free map[int]bool, empty []int, err error) {
	parent, names := map[int]int{}, map[int]string{1: "sqlite_schema"}
	for n := 1; n <= f.count; n++ {
		page, err := f.page(n)
		if err != nil {
			return nil, nil, nil, err
		}
		switch page[header(n)] {
		case indexInterior, tableInterior:
			for _, child := range f.children(n, page) {
				parent[child] = n
			}
		case 0:
			if !slices.ContainsFunc(page, func(b byte) bool { return b != 0 }) {
				empty = append(empty, n)
			}
		}
	}
	top := func(n int) int {
		const deepest = 50
		for range deepest {
			up, ok := parent[n]
			if !ok {
				return n
			}
			n = up
		}
		return 0
	}
	for n := 1; n <= f.count; n++ {
		if top(n) == 1 {
			f.schema(n, names)
		}
	}
	owners = map[int]string{}
	for n := 1; n <= f.count; n++ {
		if name, ok := names[top(n)]; ok {
			owners[n] = name
		}
	}
	return owners, f.free(), empty, nil
}

// children are the pages below an interior one.
func (f *File) children(n int, page []byte) []int {
	h := header(n)
	list := []int{int(binary.BigEndian.Uint32(page[h+8:]))}
	at, _ := f.cells(n, page)
	for _, cell := range at {
		if cell+4 <= f.usable {
			list = append(list, int(binary.BigEndian.Uint32(page[cell:])))
		}
	}
	return list
}

// schema reads which tables and indexes begin where, from a page of the table of these.
func (f *File) schema(n int, names map[int]string) {
	page, err := f.page(n)
	if err != nil {
		return
	}
	p, _ := f.read(n, page)
	for _, r := range p.Rows {
		if len(r.Values) < 5 {
			continue
		}
		kind, _ := r.Values[0].(string)
		name, _ := r.Values[1].(string)
		root, _ := r.Values[3].(int64)
		if root > 1 && (kind == "table" || kind == "index") {
			names[int(root)] = name
		}
	}
}

// free lists the pages that are no part of the database any more.
func (f *File) free() map[int]bool {
	pages := map[int]bool{}
	first, err := f.page(1)
	if err != nil {
		return pages
	}
	for trunk := int(binary.BigEndian.Uint32(first[32:])); trunk > 1 && trunk <= f.count && !pages[trunk]; {
		pages[trunk] = true
		page, err := f.page(trunk)
		if err != nil {
			return pages
		}
		count := int(binary.BigEndian.Uint32(page[4:]))
		for i := range min(count, f.usable/4-2) {
			pages[int(binary.BigEndian.Uint32(page[8+4*i:]))] = true
		}
		trunk = int(binary.BigEndian.Uint32(page))
	}
	return pages
}
