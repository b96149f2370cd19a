package cli

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
)

type leaderboardFlags struct {
	top       int
	json      bool
	reproduce int // seeds that the winner is trained on
	workers   int
	asMany    bool // as workers says, whatever the memory
}

func (a *app) leaderboardCommand() *cobra.Command {
	var f leaderboardFlags
	c := &cobra.Command{
		Use:     "leaderboard STUDY",
		Aliases: []string{"best"},
		Short:   "Rank the cells of a study on validation",
		Long: `Ranks the cells of a study by their mean on validation and shows beside it what they come to on
test, which chooses nothing: mean and interval, how likely each is the best there (bootstrap over
units and test examples), how far it is behind the winner with p corrected for the length of the
table (Benjamini and Hochberg), and the optimism of the choice.

--reproduce trains the winner on seeds that chose nothing, as the study STUDY-winner, and reports
them by themselves.`,
		Example: `  nightshift leaderboard quickstart
  nightshift best quickstart --top 3 --json
  nightshift leaderboard quickstart --reproduce 10`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.asMany = cmd.Flags().Changed("workers")
			return a.leaderboard(cmd.Context(), args[0], f)
		},
	}
	c.Flags().IntVar(&f.top, "top", 20, "how many cells are shown")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	c.Flags().IntVar(&f.reproduce, "reproduce", 0, "train the winner on so many fresh seeds first")
	workersFlag(c, &f.workers, "runs trained at the same time by --reproduce")
	return c
}

// manyRuns is the number of runs of a study beyond which only the best cells by their
// plain averages are read, twice as many as are shown.
const manyRuns = 20_000

func (a *app) leaderboard(ctx context.Context, arg string, f leaderboardFlags) error {
	if f.top < 1 {
		return usage(fmt.Errorf("--top is %d; it is a number of cells", f.top))
	}
	if f.reproduce < 0 {
		return usage(fmt.Errorf("--reproduce is %d; it is a number of seeds", f.reproduce))
	}
	db, err := a.openRead()
	if err != nil {
		return err
	}
	defer func() { db.Close() }()
	of, err := a.storedStudy(ctx, db, arg)
	if err != nil {
		return err
	}
	boards, err := boardsOf(ctx, db, of, f.top)
	if err != nil {
		return err
	}
	if f.reproduce > 0 {
		db.Close()
		if err := a.reproduce(ctx, of, arg, boards[0], f); err != nil {
			return err
		}
		if db, err = a.openRead(); err != nil {
			return err
		}
	}
	return a.printBoards(ctx, db, of, boards, f.json)
}

// printBoards prints the boards of a study, and what the winner of the first came to on
// fresh seeds, if it was trained on some.
func (a *app) printBoards(ctx context.Context, db *store.DB, of store.Study, boards []verdict.Board, asJSON bool) error {
	fresh, reproduced, err := newSeeds(ctx, db, of, boards[0])
	if err != nil {
		return err
	}
	if asJSON {
		list := make([]boardJSON, len(boards))
		for i, b := range boards {
			list[i] = newBoardJSON(b)
		}
		if reproduced {
			one := newStandingJSON(fresh)
			list[0].Reproduce = &one
		}
		return a.printJSON(list)
	}
	for i, b := range boards {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		a.printBoard(b)
		if i == 0 && reproduced {
			fmt.Fprintln(a.out, freshLine(b, fresh))
		}
	}
	return nil
}

// freshLine words what the winner came to on seeds that have not chosen it.
func freshLine(b verdict.Board, fresh verdict.Standing) string {
	s := shownAs(b.Reported)
	return fmt.Sprintf("the winner on fresh seeds, %s: %s %s, %s", b.Standings[0].Cell.Label,
		measureName(b.Reported), s.value(fresh.Test), fresh.Test.Unit)
}

// boardsOf ranks the cells of a study.
func boardsOf(ctx context.Context, db *store.DB, s store.Study, top int) ([]verdict.Board, error) {
	averages, err := db.Averages(ctx, s.Study, s.Select)
	if err != nil {
		return nil, err
	}
	var cells []string
	runs, ranked := 0, 0
	for _, c := range averages {
		runs += c.Runs
		if c.Mean.Valid {
			ranked++
		}
	}
	if runs > manyRuns && len(averages) > 2*top {
		slices.SortStableFunc(averages, func(x, y store.Average) int {
			return cmp.Or(cmp.Compare(min(1, x.Diverged), min(1, y.Diverged)), cmp.Compare(orInf(x.Mean), orInf(y.Mean)))
		})
		for _, c := range averages[:2*top] {
			cells = append(cells, c.Cell)
		}
	}
	r, err := verdict.ReadCells(ctx, db, s.Study, cells)
	if err != nil {
		return nil, err
	}
	boards, err := r.Boards(ctx, top)
	if cells != nil && len(boards) == 1 {
		boards[0].Ranked, boards[0].Unranked = ranked, len(averages)-ranked
	}
	return boards, err
}

func orInf(n store.Number) float64 {
	if !n.Valid {
		return math.Inf(1)
	}
	return n.V
}

func (a *app) printBoard(b verdict.Board) {
	if len(b.Standings) == 0 {
		fmt.Fprintf(a.out, "no cell on %s has a finished run with a validation result\n", b.Data)
		return
	}
	s := shownAs(b.Reported)
	unit := ""
	if s.unit != "" {
		unit = " %"
	}
	valid, test := measureName(b.Select)+unit, measureName(b.Reported)+unit
	t := a.newTable(table.Row{"rank", "cell", "n", valid, test, "best", "behind", "p"}, "rank", "n", valid, test,
		"best", "behind", "p")
	for i, one := range b.Standings {
		n := fmt.Sprint(one.Test.N)
		if diverged := len(one.Cell.With(store.Diverged)); diverged > 0 {
			n += fmt.Sprintf(" (%d ×)", diverged)
		}
		row := table.Row{i + 1, one.Cell.Label, n, shownAs(b.Select).estimate(one.Valid), s.estimate(one.Test),
			probability(one.First), "", ""}
		if i > 0 && one.Behind.N > 0 {
			row[6], row[7] = s.estimate(one.Behind), number.BareP(one.P)
		}
		t.AppendRow(row)
	}
	fmt.Fprintln(a.out, t.Render())
	if slices.ContainsFunc(b.Standings, func(one verdict.Standing) bool { return len(one.Cell.With(store.Diverged)) > 0 }) {
		fmt.Fprintln(a.out, "×: runs that diverged; means and differences are those of the others, and such cells stand behind "+
			"those without")
	}
	if more := b.Ranked - len(b.Standings); more > 0 {
		fmt.Fprintf(a.out, "%s more (--top shows them)\n", number.Count(more, "cell"))
	}
	if b.Copies > 0 {
		fmt.Fprintln(a.out, verdict.CopiesWords(b.Copies))
	}
	if b.Unranked > 0 {
		fmt.Fprintf(a.out, "%s without a finished run on validation\n", number.Count(b.Unranked, "cell"))
	}
	for _, line := range boardLines(b) {
		fmt.Fprintln(a.out, line)
	}
}

// printBest says which cells of a study are the best on validation, where there is a choice; so far, if runs are left.
func (a *app) printBest(ctx context.Context, db *store.DB, name string, left bool) error {
	of, err := a.storedStudy(ctx, db, name)
	if err != nil {
		return err
	}
	boards, err := boardsOf(ctx, db, of, 1)
	if err != nil {
		return err
	}
	for _, b := range boards {
		if b.Ranked+b.Unranked > 1 {
			fmt.Fprintf(a.out, "  %s\n", bestWords(b, left))
		}
	}
	return nil
}

// bestWords name the first of a board, and of how many.
func bestWords(b verdict.Board, left bool) string {
	best := "best"
	if left {
		best = "best so far"
	}
	without := number.Count(b.Unranked, "cell")
	if b.Ranked == 0 {
		return fmt.Sprintf("no %s cell: none of %s has a finished run with validation examples", best, without)
	}
	text := fmt.Sprintf("%s of %s on validation: %s, %s %s", best, number.Count(b.Ranked, "cell"), b.Standings[0].Cell.Label,
		measureName(b.Reported), shownAs(b.Reported).value(b.Standings[0].Test))
	if b.Unranked > 0 {
		text += fmt.Sprintf("; %s without a finished run", without)
	}
	return text
}

// probability writes a probability of a bootstrap, which is never sure.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < 0.01:
		return "<1 %"
	case p > 0.99:
		return ">99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

// boardLines say what a board rests on and what follows from it.
func boardLines(b verdict.Board) []string {
	s, first := shownAs(b.Reported), b.Standings[0]
	test := measureName(b.Reported)
	lines := []string{"ranked on validation; n is " + first.Test.Unit}
	if first.Test.Examples > 0 {
		lines[0] += fmt.Sprintf("; intervals of %s are over the %d test examples, too", test, first.Test.Examples)
	}
	if b.Optimism.N > 0 {
		lines = append(lines, "optimism of the choice, test minus validation of the winner: "+s.difference(b.Optimism))
	}
	if b.Ranked > 1 {
		lines = append(lines, fmt.Sprintf("of %d equal cells the first would be %s SD of a mean ahead by chance", b.Ranked,
			number.Plain(b.Chance())))
	}
	if len(b.Standings) > 1 && b.RunnerUp.N > 0 {
		line := fmt.Sprintf("runner-up minus winner on test: %s, %s", s.difference(b.RunnerUp), b.RunnerUp.Unit)
		if !math.IsNaN(b.RunnerUp.P) && b.RunnerUp.TwoOutcomes() < 0 {
			line += ", p " + number.P(b.RunnerUp.P)
		}
		if looks := b.LooksWords(); looks != "" {
			line += "; " + looks + ", as the p of the table do not"
		}
		lines = append(lines, line)
	}
	if b.Friedman != nil && len(b.Standings) > 1 {
		lines = append(lines, fmt.Sprintf("over %s, Friedman's test that all rank equally: p %s; winner and runner-up by these "+
			"ranks alone: p %s (Holm for %s)", number.Count(b.Sets, "training set"), number.P(b.Friedman.P), number.P(b.FirstTwo()),
			number.Count(len(b.Friedman.Pairs), "pair")))
	}
	if b.Cochran != nil {
		lines = append(lines, fmt.Sprintf("one network each, on %d test examples: all err equally often p %s (Cochran's Q); "+
			"winner and runner-up p %s (%s)", b.Cochran.N, number.P(b.Cochran.P), number.P(b.McNemar.P), b.McNemar.Method))
	}
	return lines
}
