package study_test

import (
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// A long text is not meant for a number, and no time is lost on it.
func TestLongTextIsNoNumber(t *testing.T) {
	t.Parallel()
	for digits, want := range map[int]bool{99: true, 101: false} {
		_, err := study.Parse("s.yaml", []byte(head+"base: {lr: '0."+strings.Repeat("1", digits-2)+"'}\n"), nil)
		if err == nil || strings.Contains(err.Error(), "; write 0.1") != want {
			t.Errorf("%d digits: %v", digits, err)
		}
	}
}

// TestNearlyNumbers: what people write for numbers, lists and keys every day gets one message, at its place and with what to
// write.
func TestNearlyNumbers(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"base: {dropout: 20%}":                             "found the string \"20%\"; write 0.2",
		"base: {label_smoothing: 10 %}":                    "; write 0.1",
		"base: {lr: −0.1}":                                 "; write -0.1",
		"base: {lr: –0.1}":                                 "; write -0.1",
		"base: {lr: “0.1”}":                                "; write 0.1",
		"base: {lr: 1/10}":                                 "; write 0.1",
		"base: {lr: 10^-3}":                                "; write 0.001",
		"base: {lr: 10**-3}":                               "; write 0.001",
		"base: {epochs: 10 epochs}":                        "; write 10",
		"base: {epochs: '10'}":                             "; write 10",
		"base: {epochs: 2k}":                               "; write 2000",
		"base: {batch: 50%}":                               "batch is a whole number or full; found the string \"50%\"",
		"base: {lr: high}":                                 "lr is a number; found the string \"high\"",
		"base: {lr: 1/0}":                                  "lr is a number; found the string \"1/0\"",
		"base: {lr: [0.1, 0.2]}":                           "; several values stand in the grid, as in grid: {lr: [0.1, ...]}",
		"base: {activation: [relu, tanh]}":                 "as in grid: {activation: [relu, ...]}",
		"grid: {lr: 0.1}":                                  "; write [0.1], or base: {lr: 0.1}",
		"grid: {lr: '0.1, 0.2'}":                           "; write [0.1, 0.2]",
		"base: {epochs:3}":                                 "unknown key \"epochs:3\"; a blank stands behind a colon, as in epochs: 3",
		"question: Why: because?":                          "a text with a colon and a blank in it stands in quotes",
		"base:\n  epochs: 3\n   lr: 0.1":                   "the keys of a mapping begin in the same column",
		"seeds: 3\nexpect: [test_error(lr=1, l2=0) < 0.5]": "the parenthesis of test_error is not closed",
	} {
		_, err := study.Parse("s.yaml", []byte(head+text+"\n"), nil)
		errs, _ := err.(source.Errors)
		if len(errs) != 1 || !strings.Contains(errs[0].Message, says) {
			t.Errorf("%s: %v; want one error with %s", text, err, says)
		}
		if err != nil && (says[0] != ';' && strings.Contains(err.Error(), "; write ")) && !strings.Contains(says, "write") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
