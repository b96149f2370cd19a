package file

import (
	"strconv"
	"strings"
)

// NoFormula is a cell of CSV that no spreadsheet takes for a formula: text that begins as one has a ' in front; numbers stay as
// they are.
func NoFormula(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
