package page

import (
	"encoding/binary"
	"errors"
)

var errTree = errors.New("not a tree of rows in their order")

// Range calls do for the rows of a table WITHOUT ROWID whose first column, an integer, is from first to last. It finds them as
// SQLite does, from the table's root on and in the order of their keys, and where this does not lead to rows it is an error.
func (f *File) Range(root int, first, last int64, do func(Record) error) error {
	const deepest = 20
	return f.within(root, deepest, first, last, do)
}

// Leads says whether a page, which is not the first one, leads to others that have rows of a table WITHOUT ROWID.
func Leads(page []byte) bool { return len(page) > 0 && page[0] == indexInterior }

// within is Range for a part of the tree that is at most so deep.
func (f *File) within(n, depth int, first, last int64, do func(Record) error) error {
	page, err := f.page(n)
	if err != nil {
		return err
	}
	h := header(n)
	kind := page[h]
	if depth == 0 || kind != indexLeaf && kind != indexInterior {
		return errTree
	}
	at, whole := f.cells(n, page)
	if !whole {
		return errTree
	}
	for _, cell := range at {
		r, err := f.record(kind, page[cell:f.usable])
		if err != nil {
			return err
		}
		key, err := r.first()
		if err != nil {
			return err
		}
		if key < first {
			continue
		}
		if kind == indexInterior {
			if err := f.within(int(binary.BigEndian.Uint32(page[cell:])), depth-1, first, last, do); err != nil {
				return err
			}
		}
		if key > last {
			return nil
		}
		if err := do(r); err != nil {
			return err
		}
	}
	if kind == indexLeaf {
		return nil
	}
	return f.within(int(binary.BigEndian.Uint32(page[h+8:])), depth-1, first, last, do)
}

// record is that of a cell of a table WITHOUT ROWID.
func (f *File) record(kind byte, cell []byte) (Record, error) {
	content, _, err := f.payload(kind, cell)
	if err != nil {
		return Record{}, err
	}
	return newRecord(content)
}

// first is the integer that the row begins with.
func (r Record) first() (int64, error) {
	v, ok := r.Next()
	if !ok || v.Kind != Integer {
		return 0, errRecord
	}
	return v.Integer, nil
}
