package cli

import "testing"

func TestSlurmReason(t *testing.T) {
	const (
		nodes = "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions"
		limit = ": your account or quality of service may have no more at the moment"
	)
	for said, want := range map[string]string{
		"Priority": "Priority: others go first", "": "no reason given", "Something": "Something", nodes: nodes,
		"ReqNodeNotAvail, UnavailableNodes:n[1-3]": "ReqNodeNotAvail, UnavailableNodes:n[1-3]: the nodes are down or reserved",
		"QOSMaxCpuPerUserLimit":                    "QOSMaxCpuPerUserLimit" + limit,
		"AssocGrpCPUMinutesLimit":                  "AssocGrpCPUMinutesLimit" + limit,
		"OUT_OF_MEMORY":                            "OUT_OF_MEMORY: it needs more memory: --sbatch --mem=...",
	} {
		if got := slurmReason(said); got != want {
			t.Errorf("%q is explained as %q, want %q", said, got, want)
		}
	}
}
