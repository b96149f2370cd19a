// Package verdict says what the results of a study allow to conclude: of its claims, and of any two cells. The report, the
// runner and every command that compares ask here, so that they say the same. The arithmetic is that of package report/stat.
//
// A tour, in the order in which a conclusion is drawn:
//
//	results.go, cell.go   Read: what a database has of a study, runs by cells; layers, epochs, outputs are read when asked for
//	epochs.go             those of very many runs cell by cell
//	outputs.go            the test examples that a run got wrong, packed, and per-example losses
//	estimate.go           Mean and Compare: a sum of means over units and test examples; units.go names the units
//	claim.go, operand.go  a claim, and what was measured of each of its terms: value.go of one run, choose.go of the best cell
//	evidence.go           what the forms of claims rest on: means, shares, spreads, trends; decompose.go: bias and variance
//	kept.go, pairs.go     kept networks, and what claims and figures say of every two runs
//	looks.go, until.go    how often a claim was looked at, whether it was written first, seeds until it is decided
//	verdict.go            Verdicts: what is found of each claim; obstacle.go why it can be nothing, weigh.go its p value
//	family.go             p values corrected for the list, and the outcomes
//	words.go, json.go     verdicts in words and for scripts
//
// A verdict follows from the versions of the study and from what its runs came to: nights, kills and merges do not change it.
package verdict
