package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"nightshift/internal/export"
	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
)

func (a *app) exportTensorBoardCommand() *cobra.Command {
	var to string
	var force bool
	c := &cobra.Command{
		Use:   "tensorboard STUDY -o DIR",
		Short: "Write a study's curves and hyperparameters for TensorBoard",
		Long: `Writes event files: for each run a folder with the curves of train, valid and test, and of the
plug-in HParams its axes; the runs of a cell are a group. Values are float32, as the format
has them. Files of the same runs are replaced by --force. tensorboard --logdir DIR shows them.`,
		Example: "  nightshift export tensorboard quickstart -o logs/quickstart",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usage(errors.New("say where to: -o DIR"))
			}
			if err := intoFolder(to, force); err != nil {
				return err
			}
			return a.withStudy(cmd.Context(), args[0], func(ctx context.Context, db *store.DB, study string) error {
				n, err := export.TensorBoard(ctx, db, study, to)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: %s of %s; tensorboard --logdir %s shows them\n", to, number.Count(n, "run"), study,
					file.ShellWord(to))
				return nil
			})
		},
	}
	c.Flags().StringVarP(&to, "output", "o", "", "folder to write to")
	folderForceFlag(c, &force)
	return c
}

func (a *app) exportMLflowCommand() *cobra.Command {
	var to, server string
	var force bool
	c := &cobra.Command{
		Use:   "mlflow STUDY (-o DIR | --to URL)",
		Short: "Write a study's runs for MLflow, or send them to its server",
		Long: `Writes the folder that MLflow keeps runs in, or sends the runs to a tracking server: the study
is an experiment; parameters are the axes, the seeds and every key of the configuration,
metrics the curves by split, tags what made the run. NaN and the infinities stay what they
are. What a server has of the same runs is not sent again. MLFLOW_TRACKING_TOKEN, or _USERNAME
and _PASSWORD, are used as MLflow does.`,
		Example: `  nightshift export mlflow quickstart -o mlruns
  nightshift export mlflow quickstart --to http://127.0.0.1:5000`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (to == "") == (server == "") {
				return usage(errors.New("say where to, one of -o DIR and --to URL"))
			}
			if to != "" {
				if err := intoFolder(to, force); err != nil {
					return err
				}
			}
			return a.withStudy(cmd.Context(), args[0], func(ctx context.Context, db *store.DB, study string) error {
				if to != "" {
					n, err := export.MLflow(ctx, db, study, to)
					if err != nil {
						return err
					}
					fmt.Fprintf(a.out, "%s: %s of %s; mlflow ui --backend-store-uri %[4]s shows them, or from MLflow 3.13 on\n"+
						"mlflow migrate-filestore --source %[4]s --target sqlite:///mlflow.db brings them into its database\n",
						to, number.Count(n, "run"), study, file.ShellWord(to))
					return nil
				}
				s, err := export.NewMLflowServer(server, func(text string) { fmt.Fprintln(a.err, text) })
				if err != nil {
					return usage(err)
				}
				sent, there, err := s.Send(ctx, db, study)
				if err != nil && sent > 0 {
					return fmt.Errorf("%s sent, the same command goes on: %w", number.Count(sent, "run"), err)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s: %s sent, %d were there\n", server, number.Count(sent, "run"), there)
				return nil
			})
		},
	}
	c.Flags().StringVarP(&to, "output", "o", "", "folder to write to")
	folderForceFlag(c, &force)
	c.Flags().StringVar(&server, "to", "", "address of a tracking server")
	return c
}
