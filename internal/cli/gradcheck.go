package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/mlp"
)

type gradcheckFlags struct {
	random int
	seed   uint64
	json   bool
}

func (a *app) gradcheckCommand() *cobra.Command {
	var f gradcheckFlags
	c := &cobra.Command{
		Use:   "gradcheck",
		Short: "Compare backpropagation with differences of the objective",
		Long: `Compares the gradient of every activation with every objective, plain and with batch
normalisation, each penalty, class weights, label smoothing and the sum over the
outputs, with centred differences in float64 (step 1e-5). The error of a tensor is
|a-n| / (|a|+|n|); it has to stay below 1e-7, or below 1e-6 where the objective has
kinks. Parameters with a kink between their two points are skipped and counted.
With --random, networks of random depth, widths and options are checked instead.`,
		Example: `  nightshift gradcheck
  nightshift gradcheck --random 100
  nightshift gradcheck --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.random < 0 {
				return usage(fmt.Errorf("--random is %d; it is a number of networks", f.random))
			}
			return a.gradcheck(cmd.Context(), f)
		},
	}
	c.Flags().IntVar(&f.random, "random", 0, "check this many random deep networks, one for each seed from --seed on")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the weights and examples, and of the first random network")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// checkedCase is a case with its result.
type checkedCase struct {
	Seed       uint64          `json:"seed"`
	Activation string          `json:"activation"`
	Output     string          `json:"output"`
	Loss       string          `json:"loss"`
	Variant    string          `json:"variant"`
	Hidden     []int           `json:"hidden"`
	OK         bool            `json:"ok"`
	Worst      jsonNumber      `json:"worst"` // error of a tensor
	Skipped    int             `json:"skipped"`
	Tensors    []checkedTensor `json:"tensors"`
}

type checkedTensor struct {
	Tensor      string     `json:"tensor"`
	OK          bool       `json:"ok"`
	Error       jsonNumber `json:"error"`
	Limit       jsonNumber `json:"limit"`
	Coordinates int        `json:"coordinates"`
	Skipped     int        `json:"skipped"`
}

func (a *app) gradcheck(ctx context.Context, f gradcheckFlags) error {
	var checked []checkedCase
	check := func(g mlp.GradientCase, seed uint64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := checkGradient(g, seed)
		checked = append(checked, c)
		return err
	}
	if f.random == 0 {
		for _, g := range mlp.GradientCases() {
			if err := check(g, f.seed); err != nil {
				return err
			}
		}
	}
	for i := range uint64(f.random) {
		if err := check(mlp.RandomGradientCase(f.seed+i), f.seed+i); err != nil {
			return err
		}
	}
	switch {
	case f.json:
		if err := a.printJSON(checked); err != nil {
			return err
		}
	case f.random > 0:
		a.printRandom(checked)
	default:
		a.printCases(checked)
	}
	if !f.json {
		a.printTensors(checked)
	}
	return failedChecks(checked)
}

func checkGradient(g mlp.GradientCase, seed uint64) (checkedCase, error) {
	c := checkedCase{
		Seed: seed, Activation: g.Config.Activation.Name, Output: g.Config.Output, Loss: g.Config.Loss,
		Variant: g.Name, Hidden: g.Config.Hidden, OK: true,
	}
	tensors, err := g.Check(seed)
	worst := 0.0
	for _, t := range tensors {
		c.OK = c.OK && t.OK()
		worst = max(worst, t.Error) // NaN if one of them is
		c.Skipped += t.Skipped
		c.Tensors = append(c.Tensors, checkedTensor{t.Tensor, t.OK(), computed(t.Error), computed(t.Limit), t.Coordinates, t.Skipped})
	}
	c.Worst = computed(worst)
	return c, err
}

// computed is a number that was computed, NaN included.
func computed(v float64) jsonNumber { return jsonNumber{V: v, Valid: true} }

// scientific writes an error with as many digits as are worth reading.
func scientific(v float64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%.0e", v)
}

// printCases has a line for each activation and objective and a column for each
// variant, with the worst error of a tensor.
func (a *app) printCases(checked []checkedCase) {
	header := table.Row{"activation", "output+loss"}
	variants := mlp.GradientVariants()
	for _, v := range variants {
		header = append(header, v)
	}
	t := a.newTable(append(header, "skipped"), append(variants, "skipped")...)
	for len(checked) > 0 {
		c := checked[0]
		row := table.Row{c.Activation, c.Output + "+" + c.Loss}
		skipped := 0
		for _, v := range variants {
			cell := "–"
			if len(checked) > 0 && checked[0].Variant == v && checked[0].Activation == c.Activation &&
				checked[0].Output == c.Output && checked[0].Loss == c.Loss {
				cell = scientific(checked[0].Worst.V)
				if !checked[0].OK {
					cell += " wrong"
				}
				skipped += checked[0].Skipped
				checked = checked[1:]
			}
			row = append(row, cell)
		}
		t.AppendRow(append(row, skipped))
	}
	fmt.Fprintln(a.out, t.Render())
}

func (a *app) printRandom(checked []checkedCase) {
	t := a.newTable(table.Row{"seed", "activation", "output+loss", "hidden", "worst", "skipped", ""}, "seed", "worst", "skipped")
	for _, c := range checked {
		verdict := ""
		if !c.OK {
			verdict = "wrong"
		}
		t.AppendRow(table.Row{c.Seed, c.Activation, c.Output + "+" + c.Loss, strings.Trim(fmt.Sprint(c.Hidden), "[]"),
			scientific(c.Worst.V), c.Skipped, verdict})
	}
	fmt.Fprintln(a.out, t.Render())
}

// printTensors sums the cases up by tensor, and says what all of it cost.
func (a *app) printTensors(checked []checkedCase) {
	type sum struct {
		worst                float64
		where                string
		coordinates, skipped int
	}
	sums := map[string]*sum{}
	var names []string
	total, skipped := 0, 0
	for _, c := range checked {
		for _, t := range c.Tensors {
			s := sums[t.Tensor]
			if s == nil {
				s = &sum{}
				sums[t.Tensor] = s
				names = append(names, t.Tensor)
			}
			s.coordinates += t.Coordinates
			s.skipped += t.Skipped
			total += t.Coordinates
			skipped += t.Skipped
			if s.where == "" || max(s.worst, t.Error.V) != s.worst {
				s.worst = t.Error.V
				s.where = fmt.Sprintf("%s, %s+%s, %s", c.Activation, c.Output, c.Loss, c.Variant)
				if c.Variant == "random" {
					s.where = fmt.Sprintf("seed %d", c.Seed)
				}
			}
		}
	}
	slices.Sort(names)
	t := a.newTable(table.Row{"tensor", "worst", "parameters", "skipped", "worst of all in"}, "worst", "parameters", "skipped")
	for _, name := range names {
		s := sums[name]
		t.AppendRow(table.Row{name, scientific(s.worst), s.coordinates, s.skipped, s.where})
	}
	fmt.Fprintf(a.out, "\n%s\n\n", t.Render())
	fmt.Fprintf(a.out, "%s, %d parameters, %d of them skipped at kinks: %d evaluations of an objective, two for each parameter.\n",
		number.Count(len(checked), "network"), total, skipped, 2*total)
	mnist := mlp.Default().Parameters(784, 10)
	fmt.Fprintf(a.out, "A 784-100-10 network would take %d, so gradients are checked on small ones.\n", 2*mnist)
}

// failedChecks is an error if a gradient is wrong.
func failedChecks(checked []checkedCase) error {
	wrong := 0
	first := ""
	for _, c := range checked {
		for _, t := range c.Tensors {
			if t.OK {
				continue
			}
			wrong++
			if first == "" {
				first = fmt.Sprintf("%s of %s, %s+%s, %s (seed %d) has relative error %s, limit %s",
					t.Tensor, c.Activation, c.Output, c.Loss, c.Variant, c.Seed, metricText(store.Number(t.Error)),
					metricText(store.Number(t.Limit)))
			}
		}
	}
	if wrong == 0 {
		return nil
	}
	return fmt.Errorf("%s wrong; the first: %s", number.Count(wrong, "gradient"), first)
}
