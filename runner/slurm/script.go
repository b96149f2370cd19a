package slurm

import (
	"fmt"
	"path/filepath"

	"nightshift/internal/file"
)

// script is the file of a job's script.
func (f Folder) script(s Submission, job int, kind string) string {
	return filepath.Join(f.Batch(s.Jobs[job-1].Batch), fmt.Sprintf("%s-%d.sh", kind, job))
}

// Script is a script, where it stands, and how it is submitted.
type Script struct {
	Path, Text, Command string
}

// arrayScript is what every task of an array does. The program takes the place of the shell, so that it is the program that
// Slurm warns, and not a shell that waits for it.
func (o Options) arrayScript(f Folder, s Submission, job int) Script {
	b := s.Batches[s.Jobs[job-1].Batch-1]
	text := fmt.Sprintf(`#!/bin/sh
# Tasks of the study %s: each trains the runs that tasks/N.runs lists, N being the task that
# stands for its place in the array in submission.json.
%sexec %s "$SLURM_ARRAY_TASK_ID"
`, b.Study, o.lookForProgram(), quoteAll(o.Program, "slurm", "task", string(f), fmt.Sprint(job)))
	return Script{f.script(s, job, "array"), text, quoteAll(append([]string{"sbatch"}, o.arrayArguments(f, s, job)...)...)}
}

// mergeScript is what the job behind an array does.
func (o Options) mergeScript(f Folder, s Submission, job int) Script {
	b := s.Batches[s.Jobs[job-1].Batch-1]
	text := fmt.Sprintf(`#!/bin/sh
# What the tasks of the study %s have trained, in one database, with the report.
%sexec %s
`, b.Study, o.lookForProgram(), quoteAll(o.Program, "slurm", "merge", string(f), fmt.Sprint(job)))
	return Script{f.script(s, job, "merge"), text, quoteAll(append([]string{"sbatch"}, o.mergeArguments(f, s, job)...)...)}
}

// lookForProgram are the lines of a script that say so where the node does not see the program.
func (o Options) lookForProgram() string {
	program := file.ShellWord(o.Program)
	return fmt.Sprintf(`if ! [ -e %s ]; then
	printf '%%s has no %%s: all nodes have to see the program under the same name (docs/cluster.md)\n' "$(uname -n)" %s >&2
	exit 127
fi
`, program, program)
}
