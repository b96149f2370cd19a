package export

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// Messages of the plug-in hparams (tensorboard/plugins/hparams/api.proto, plugin_data.proto).
const (
	hparams      = "hparams"
	experimentAt = "_hparams_/experiment"
	beginAt      = "_hparams_/session_start_info"
	endAt        = "_hparams_/session_end_info"
)

// dataTypes are the numbers of the enumeration DataType.
var dataTypes = map[Kind]uint64{Text: 1, Logical: 2, Integer: 3, Real: 3}

// experiment says which hyperparameters there are, the axes of the study, and which metrics.
func (m members) experiment(study string, seconds float64) []byte {
	var e []byte
	e = appendString(e, 6, study)
	e = appendDouble(e, 3, seconds)
	for _, axis := range m.order {
		info := protowire.AppendTag(appendString(nil, 1, axis), 4, protowire.VarintType)
		e = appendMessage(e, 4, protowire.AppendVarint(info, dataTypes[m.kinds[axis]]))
	}
	for _, split := range metric.Splits() {
		for _, one := range metric.All() {
			name := appendString(appendString(nil, 1, split), 2, one.Name)
			info := appendMessage(nil, 1, name)
			info = appendString(info, 3, one.Of(split))
			e = appendMessage(e, 5, info)
		}
	}
	return pluginData(2, e)
}

// begin says what a run was trained with. Runs of a cell are a group.
func (m members) begin(r store.Run) []byte {
	var s []byte
	for i, v := range m.axisValues(r.ID) {
		if v == nil {
			continue
		}
		s = appendMessage(s, 1, appendMessage(appendString(nil, 1, m.order[i]), 2, protobufValue(v)))
	}
	s = appendString(s, 4, m.label(r.ID))
	if !r.Started.IsZero() {
		s = appendDouble(s, 5, unix(r.Started))
	}
	return pluginData(3, s)
}

// end says how a run ended.
func end(r store.Run) []byte {
	status := map[store.Status]uint64{store.Done: 1, store.Pruned: 1, store.Diverged: 2, store.Failed: 2, store.Running: 3}[r.Status]
	s := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), status)
	if !r.Finished.IsZero() {
		s = appendDouble(s, 2, unix(r.Finished))
	}
	return pluginData(4, s)
}

func pluginData(field protowire.Number, message []byte) []byte {
	return appendMessage(nil, field, message)
}

// protobufValue is a google.protobuf.Value.
func protobufValue(v any) []byte {
	switch x := v.(type) {
	case int64:
		return appendDouble(nil, 2, float64(x))
	case float64:
		if !math.IsNaN(x) {
			return appendDouble(nil, 2, x)
		}
		return appendString(nil, 3, "NaN")
	case bool:
		bit := uint64(0)
		if x {
			bit = 1
		}
		return protowire.AppendVarint(protowire.AppendTag(nil, 4, protowire.VarintType), bit)
	case string:
		return appendString(nil, 3, x)
	}
	return protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 0)
}
