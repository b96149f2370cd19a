package page

import (
	"encoding/binary"
	"errors"
)

var errCell = errors.New("not a cell")

// header is where the description of a tree's page begins.
func header(n int) int {
	if n == 1 {
		return 100
	}
	return 0
}

// cells gives where the cells of a page of a tree begin; without those that
// cannot be on it, and whether there were any of these.
func (f *File) cells(n int, page []byte) (at []int, whole bool) {
	h := header(n)
	count := int(binary.BigEndian.Uint16(page[h+3:]))
	pointers := h + 8
	if page[h] == indexInterior || page[h] == tableInterior {
		pointers += 4
	}
	whole = true
	for i := range count {
		p := pointers + 2*i
		if p+2 > f.usable {
			return at, false
		}
		cell := int(binary.BigEndian.Uint16(page[p:]))
		if cell < pointers+2*count || cell >= f.usable {
			whole = false
			continue
		}
		at = append(at, cell)
	}
	return at, whole
}

// payload reads the record of a cell whose size stands where rest begins, after
// the number of the row where there is one, and after it on pages that it overflows to. It may be a part of the cell.
func (f *File) payload(kind byte, cell []byte) (record []byte, rowid int64, err error) {
	if kind == indexInterior {
		if len(cell) < 4 {
			return nil, 0, errCell
		}
		cell = cell[4:]
	}
	size, n := varint(cell)
	if n == 0 || size > uint64(f.total)+uint64(len(f.logged)*f.size) {
		return nil, 0, errCell
	}
	cell = cell[n:]
	if kind == tableLeaf {
		id, n := varint(cell)
		if n == 0 {
			return nil, 0, errCell
		}
		rowid, cell = int64(id), cell[n:]
	}
	local := f.local(kind, int(size))
	if local > len(cell) {
		return nil, 0, errCell
	}
	if local == int(size) {
		return cell[:local:local], rowid, nil
	}
	record = append(make([]byte, 0, size), cell[:local]...)
	if len(cell) < local+4 {
		return nil, 0, errCell
	}
	for next := int(binary.BigEndian.Uint32(cell[local:])); len(record) < int(size); {
		page, err := f.page(next)
		if err != nil {
			return nil, 0, err
		}
		next = int(binary.BigEndian.Uint32(page))
		record = append(record, page[4:min(f.usable, 4+int(size)-len(record))]...)
	}
	return record, rowid, nil
}

// local is how many bytes of a record stand on its page.
func (f *File) local(kind byte, size int) int {
	least := (f.usable-12)*32/255 - 23
	most := (f.usable-12)*64/255 - 23
	if kind == tableLeaf {
		most = f.usable - 35
	}
	if size <= most {
		return size
	}
	if fit := least + (size-least)%(f.usable-4); fit <= most {
		return fit
	}
	return least
}
