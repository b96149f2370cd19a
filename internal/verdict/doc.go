// Package verdict says what the results of a study allow to conclude about its claims.
//
// Read brings the results from the database (results.go, cell.go). Each side of a claim is an Operand, the values that runs
// gave for a term of it (operand.go, value.go), at a cell that the claim names or that validation chooses (choose.go). Verdicts
// holds the claims against them (verdict.go). The report, the runner and commands that compare cells all ask here, so that
// they say the same: Mean and Compare (estimate.go), Ranks (ranks.go), Decompose (decompose.go), UnitWords (units.go).
package verdict
