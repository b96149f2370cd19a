package cli

import (
	"cmp"
	"strings"
)

// slurmReason explains why Slurm lets a job wait, or what has ended one, where its word for that is not one that says so.
func slurmReason(said string) string {
	said = strings.TrimSpace(said)
	word, _, _ := strings.Cut(said, ",") // nodes may follow
	what, known := reasons[word]
	switch {
	case known:
	case strings.HasPrefix(said, "QOS"), strings.HasPrefix(said, "Assoc"), strings.HasPrefix(said, "MaxQOS"):
		what = "your account or quality of service may have no more at the moment"
	case strings.HasPrefix(said, "Nodes required for job are"):
		return said
	default:
		return cmp.Or(said, "no reason given")
	}
	return said + ": " + what
}

var reasons = map[string]string{
	"None":                        "not looked at yet",
	"Priority":                    "others go first",
	"Resources":                   "no node is free",
	"BeginTime":                   "Slurm lets a requeued job wait for two minutes",
	"Dependency":                  "waits for other jobs",
	"DependencyNeverSatisfied":    "what it waits for has failed; cancel it and submit again",
	"JobArrayTaskLimit":           "--array-max says so",
	"PartitionTimeLimit":          "the partition allows less than --time",
	"PartitionNodeLimit":          "the partition has fewer nodes",
	"PartitionConfig":             "the partition has no node like that: less with --cpus, --time",
	"PartitionDown":               "the partition takes no jobs now",
	"ReqNodeNotAvail":             "the nodes are down or reserved",
	"JobHeldUser":                 "held; scontrol release lets it go",
	"JobHeldAdmin":                "held by an administrator",
	"JobLaunchFailure":            "the node could not start it: does it see the folders of --dir and --out?",
	"launch failed requeued held": "the node could not start it: does it see the folders of --dir and --out?",
	"TimeLimit":                   "it was over its time limit before it could ask to go on",
	"NodeDown":                    "its node has died",
	"NonZeroExitCode":             "see its log",
	"Preempted":                   "another job went first, and this cluster starts nothing again by itself",
	"it ended without a word":     "it was killed, for its memory perhaps (--sbatch --mem=...), or its node has died",
	"exit code 75":                "it was warned and could not be put back into the queue",
	"OutOfMemory":                 "it needs more memory: --sbatch --mem=...",
	"JobHoldMaxRequeue":           "held, since no node could start it; scontrol release lets it go",
	"job requeued in held state":  "held; scontrol release lets it go",
	"BadConstraints":              "no node has what --constraint asks for",
	"Reservation":                 "waits for its reservation",
	"Licenses":                    "waits for a licence",
	"InvalidAccount":              "the account does not exist any more: --sbatch --account=...",
	"InvalidQOS":                  "the quality of service does not exist any more: --sbatch --qos=...",
	"Cleaning":                    "the node is still busy with it from before",
	"Prolog":                      "the node is being made ready",
	"SystemFailure":               "Slurm itself has failed",
	// states, where there is no reason
	"CONFIGURING":   "its node is being started",
	"POWER_UP_NODE": "its node is being started",
	"REQUEUE_HOLD":  "held; scontrol release lets it go",
	"SPECIAL_EXIT":  "held; scontrol release lets it go",
	"RESV_DEL_HOLD": "held, since its reservation is gone; scontrol release lets it go",
	"SUSPENDED":     "suspended for another job",
	"STOPPED":       "stopped; scontrol resume, or whoever runs the cluster, lets it go on",
	"REVOKED":       "runs on another cluster of the federation",
	"STAGE_OUT":     "its files are being written",
	"TIMEOUT":       "it was over its time limit before it could ask to go on",
	"NODE_FAIL":     "its node has died",
	"BOOT_FAIL":     "its node could not be started",
	"OUT_OF_MEMORY": "it needs more memory: --sbatch --mem=...",
	"DEADLINE":      "it was over the deadline that --sbatch --deadline gave it",
}
