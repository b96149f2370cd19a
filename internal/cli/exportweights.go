package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/array"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func (a *app) exportWeightsCommand() *cobra.Command {
	var at, to string
	var force bool
	c := &cobra.Command{
		Use:   "weights RUN -o FILE",
		Short: "Write the weights of a run as a safetensors file",
		Long: `Writes weights that the study kept (keep: {weights: ...}) as a safetensors file. The
tensors are named as PyTorch names them: layers.0.weight [out, in], layers.0.bias; of
batch normalisation norms.0.weight, .bias, .running_mean and .running_var; of a PReLU
activations.0.weight. The metadata hold the run, the epoch, the seeds and the whole
configuration as JSON. Without --at, the last of the kept weights are written.`,
		Example: `  nightshift export weights 3f2a -o w.safetensors
  nightshift export weights 3f2a --at init -o w0.safetensors
  nightshift export weights 3f2a --at 20 -o w20.safetensors`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usage(errors.New("say where to: -o FILE"))
			}
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.exportWeights(cmd.Context(), db, args[0], at, to, force)
		},
	}
	c.Flags().StringVar(&at, "at", "", "init, final or an epoch (default: the last that were kept)")
	c.Flags().StringVarP(&to, "output", "o", "", "file to write; - for the standard output")
	forceFlag(c, &force)
	return c
}

func (a *app) exportWeights(ctx context.Context, db *store.DB, prefix, at, to string, force bool) error {
	r, err := db.Run(ctx, prefix)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	w, err := keptAt(ctx, db, r, at)
	if err != nil {
		return err
	}
	seeds, err := json.Marshal(study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder})
	if err != nil {
		return err
	}
	b, err := array.Annotate(w.Tensors, map[string]string{
		"run": r.ID, "cell": r.Label, "epoch": strconv.Itoa(w.Epoch), "config": string(r.Config), "seeds": string(seeds),
		"data": r.Data, "kernel": r.Kernel, "version": r.Version,
	})
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
	if err := a.writeOut(to, force, true, write); err != nil {
		return err
	}
	a.done(to, "weights of run %s after epoch %d", study.ShortID(r.ID), w.Epoch)
	return nil
}

// keptAt gives the weights of an epoch, as snapshotAt does, and says what to do where none were kept.
func keptAt(ctx context.Context, db *store.DB, r store.Run, at string) (store.Snapshot, error) {
	kept, err := db.Weights(ctx, r.ID)
	if err != nil {
		return store.Snapshot{}, err
	}
	if len(kept) == 0 {
		return store.Snapshot{}, fmt.Errorf("no weights were kept of run %s (%s, %s); put keep: {weights: init+final} "+
			"into its study and run it again: the run is trained once more and its result stays as it is",
			study.ShortID(r.ID), r.Label, r.Status)
	}
	return snapshotAt(ctx, db, r, kept, at)
}

// snapshotAt picks the weights of an epoch: init, final, a number, or "" for the last.
func snapshotAt(ctx context.Context, db *store.DB, r store.Run, kept []store.Snapshot, at string) (store.Snapshot, error) {
	var epoch int
	switch at {
	case "":
		return kept[len(kept)-1], nil
	case "init":
	case "final":
		measured, err := db.Epochs(ctx, r.ID)
		if err != nil {
			return store.Snapshot{}, err
		}
		c, err := study.ReadConfig(r.Config)
		if err != nil {
			return store.Snapshot{}, fmt.Errorf("run %s: %w", study.ShortID(r.ID), err)
		}
		var ok bool
		if epoch, ok = night.FinalEpoch(c.Config, r, measured); !ok {
			return store.Snapshot{}, fmt.Errorf("run %s has no final weights: it is %s; kept are those of %s",
				study.ShortID(r.ID), r.Status, epochsOf(kept))
		}
	default:
		var err error
		if epoch, err = strconv.Atoi(at); err != nil {
			return store.Snapshot{}, usage(fmt.Errorf("--at is %q; it is init, final or the number of an epoch", at))
		}
	}
	for _, w := range kept {
		if w.Epoch == epoch {
			return w, nil
		}
	}
	return store.Snapshot{}, fmt.Errorf("the weights of epoch %d were not kept of run %s, but those of %s; "+
		"keep: {weights: {every: 1}} in its study keeps all", epoch, study.ShortID(r.ID), epochsOf(kept))
}

func epochsOf(kept []store.Snapshot) string {
	var list []string
	for _, w := range kept {
		list = append(list, strconv.Itoa(w.Epoch))
	}
	if len(list) == 1 {
		return "epoch " + list[0]
	}
	return "epochs " + strings.Join(list, ", ")
}
