package store

import (
	"encoding/json"
	"slices"
)

func (in *inserter) placeKey(m StudyRun) (int64, error) {
	if in.places == nil {
		if err := in.readPlaces(); err != nil {
			return 0, err
		}
	}
	p := place{m.CellLabel, string(m.Axes)}
	if key, ok := in.places[p]; ok {
		return key, nil
	}
	key, err := in.insert(`INSERT INTO place (label, axes, checksum) VALUES (?,?,?)`, p.label, p.axes,
		rowSum("place", p.label, p.axes))
	in.places[p] = key
	return key, err
}

// readPlaces reads all places. One pass is faster than a search for each cell.
func (in *inserter) readPlaces() error { return in.readPlacesWhere(`TRUE`) }

// readPlacesOf reads those of some members, where these are few of many.
func (in *inserter) readPlacesOf(members []membership) error {
	var labels []string
	for _, p := range members {
		if _, ok := in.places[place{p.CellLabel, string(p.Axes)}]; !ok && !slices.Contains(labels, p.CellLabel) {
			labels = append(labels, p.CellLabel)
		}
	}
	if len(labels) == 0 && in.places != nil {
		return nil
	}
	text, err := json.Marshal(labels)
	if err != nil {
		return err
	}
	return in.readPlacesWhere(`label IN (SELECT value FROM json_each(?))`, string(text))
}

func (in *inserter) readPlacesWhere(where string, args ...any) error {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT key, label, axes FROM place WHERE `+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if in.places == nil {
		in.places = map[place]int64{}
	}
	for rows.Next() {
		var key int64
		var p place
		if err := rows.Scan(&key, &p.label, &p.axes); err != nil {
			return err
		}
		in.places[p] = key
	}
	return rows.Err()
}
