package file

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Cell writes a value as a cell of CSV: nothing for nil, numbers with all their digits (NaN, +Inf, -Inf), bytes as SQL writes
// them, and texts that are no formula.
func Cell(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(x, 10)
	case string:
		return NoFormula(x)
	case []byte:
		return "x'" + hex.EncodeToString(x) + "'"
	}
	return fmt.Sprint(v)
}

// NoFormula is a cell of CSV that no spreadsheet takes for a formula: text that begins as one has a ' in front; numbers stay as
// they are. Text that begins so behind a ' has one more, so that Uncelled gives all back.
func NoFormula(text string) string {
	plain := strings.TrimLeft(text, "'")
	if plain == "" || !strings.ContainsRune("=+-@\t\r", rune(plain[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(plain, 64); err == nil {
		return text
	}
	return "'" + text
}

// Uncelled is the text that NoFormula has made a cell of.
func Uncelled(cell string) string {
	if text, ok := strings.CutPrefix(cell, "'"); ok && NoFormula(text) == cell {
		return text
	}
	return cell
}
