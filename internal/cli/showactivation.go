package cli

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report"
)

// activationPlaces are where an activation is printed.
var activationPlaces = []float64{-6, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 6}

func (a *app) showActivationCommand() *cobra.Command {
	var f struct {
		figure string
		json   bool
	}
	c := &cobra.Command{
		Use:   "activation [NAME]",
		Short: "Print or draw an activation and its derivative",
		Long: `Prints an activation of hidden layers and its derivative at some places, how steep it is
at most, where it is flat, and its kinks; --figure draws both. A parameter is written as
in a study file: "{leaky_relu: 0.2}". Without a name all activations are compared.`,
		Example: `  nightshift show activation gelu
  nightshift show activation "{leaky_relu: 0.2}" --figure leaky.png
  nightshift show activation`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: offered(func(*cobra.Command, string) []string {
			var names []string
			for _, one := range mlp.Activations() {
				names = append(names, one.Name)
			}
			return names
		}),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				if f.figure != "" {
					return usage(fmt.Errorf("--figure draws one activation; name it"))
				}
				return a.showActivations(f.json)
			}
			chosen, err := study.ParseActivation(args[0])
			if err != nil {
				return usage(err)
			}
			if f.figure != "" {
				return a.drawActivation(chosen, f.figure)
			}
			return a.showActivation(chosen, f.json)
		},
	}
	c.Flags().StringVar(&f.figure, "figure", "", "draw it into this file instead: .png, .svg or .pdf")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// shownActivation is what there is to say of an activation without a picture.
type shownActivation struct {
	Activation mlp.Choice        `json:"activation"`
	Steepest   float64           `json:"steepest"`
	FlatBelow  jsonNumber        `json:"flat_below"` // null where it is not flat
	FlatAbove  jsonNumber        `json:"flat_above"`
	Kinks      []float64         `json:"kinks"`
	Values     []activationValue `json:"values"`
}

type activationValue struct {
	Z     float64 `json:"z"`
	Value float64 `json:"value"`
	Slope float64 `json:"slope"`
}

func newShownActivation(c mlp.Choice) shownActivation {
	f, _ := mlp.NewFunction(c)
	below, above := f.Flat()
	s := shownActivation{Activation: c, Steepest: f.Steepest(), FlatBelow: measured(below), FlatAbove: measured(above),
		Kinks: append([]float64{}, f.Kinks()...)}
	for _, z := range activationPlaces {
		v, d := f.At(z)
		s.Values = append(s.Values, activationValue{z, v, d})
	}
	return s
}

// words are its entries of a table: steepest slope, flat below and above, kinks.
func (s shownActivation) words() []string {
	end := func(n jsonNumber) string {
		if !n.Valid {
			return "–"
		}
		return number.Plain(n.V)
	}
	kinks := ""
	for i, k := range s.Kinks {
		if i > 0 {
			kinks += ", "
		}
		kinks += number.Plain(k)
	}
	if kinks == "" {
		kinks = "–"
	}
	return []string{number.Plain(s.Steepest), end(s.FlatBelow), end(s.FlatAbove), kinks}
}

func (a *app) showActivations(asJSON bool) error {
	var all []shownActivation
	for _, o := range mlp.Activations() {
		all = append(all, newShownActivation(o.Default()))
	}
	if asJSON {
		return a.printJSON(all)
	}
	t := a.newTable(table.Row{"activation", "steepest", "flat below", "flat above", "kinks"}, "steepest", "flat below",
		"flat above", "kinks")
	for _, s := range all {
		row := table.Row{s.Activation.Name}
		for _, w := range s.words() {
			row = append(row, w)
		}
		t.AppendRow(row)
	}
	fmt.Fprintln(a.out, t.Render())
	fmt.Fprintln(a.out, "Flat: the derivative is less than a twentieth of the steepest.")
	return nil
}

func (a *app) showActivation(c mlp.Choice, asJSON bool) error {
	s := newShownActivation(c)
	if asJSON {
		return a.printJSON(s)
	}
	written, err := json.Marshal(c)
	if err != nil {
		return err
	}
	options := mlp.Activations()
	at := slices.IndexFunc(options, func(o mlp.Option) bool { return o.Name == c.Name })
	words := s.words()
	line := func(name string, value any) { fmt.Fprintf(a.out, "%-11s %v\n", name, value) }
	line("activation", string(written))
	line("is", options[at].Doc)
	line("steepest", words[0])
	line("flat below", words[1])
	line("flat above", words[2])
	line("kinks", words[3])
	t := a.newTable(table.Row{"z", "f(z)", "f′(z)"}, "z", "f(z)", "f′(z)")
	for _, v := range s.Values {
		t.AppendRow(table.Row{fmt.Sprint(v.Z), fmt.Sprintf("%.6g", v.Value), fmt.Sprintf("%.6g", v.Slope)})
	}
	fmt.Fprintf(a.out, "\n%s\n", t.Render())
	return nil
}

// drawActivation writes a figure of it.
func (a *app) drawActivation(c mlp.Choice, path string) error {
	all := report.ActivationFigures(c)
	if err := report.Save(all[0], path); err != nil {
		return err
	}
	fmt.Fprintln(a.out, path)
	return nil
}
