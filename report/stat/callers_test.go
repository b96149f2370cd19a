package stat

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// usedFor names what each golden entry is the oracle of: a function of this package that a
// figure, a claim or a command calls.
var usedFor = map[string]string{
	"t975": "Mean", "tci": "Mean", "paired": "Combination", "welch": "Combination", "crossed": "Combination",
	"signflip_p": "SignFlip",
	"wilcoxon":   "Wilcoxon", "mwu": "ProbabilityAbove", "boot_exact_se": "Resample", "boot_exact_q": "Resample",
	"wilson_9767_10000": "Wilson", "wilson_9134_10000": "Wilson", "wilson_0_100": "Wilson", "wilson_100_100": "Wilson",
	"wilson_93_100": "Wilson", "wilson_45_50": "Wilson", "mcn_25_15": "McNemarOf", "mcn_11_1": "McNemarOf", "cochran": "CochranQ",
	"holm": "Holm", "pvals": "Holm", "bh": "BenjaminiHochberg", "iqm_1..10": "IQM", "iqm_9": "IQM", "iqm_outlier": "IQM",
	"Emax_2": "ExpectedMax", "Emax_5": "ExpectedMax", "Emax_10": "ExpectedMax", "Emax_20": "ExpectedMax", "Emax_100": "ExpectedMax",
	"friedman": "Friedman", "spearman": "Spearman", "powerlaw": "PowerLawByUnit", "mlxtend_bv_fixed": "Decompose",
	"cv5x2": "FiveByTwoCV", "prop_diff": "Proportions", "anytime": "Anytime", "anytime_x": "Anytime",
	"seeds_by_examples": "CombineErrors", "prediction": "Prediction", "seeds_needed": "SmallestDecidable", "sd_ratio": "SpreadRatio",
	"anova":     "EtaSquared",
	"wald_9767": "Wald", "binom_sd_10000_.977": "Wald", "coverage": "Coverage", "kendall": "Kendall",
	"domingos_2class": "DecomposeVotes", "domingos_4class": "DecomposeVotes", // which is Domingos at every example
	"iris_tree_mlxtend": "DecomposeVotes", "mlxtend_boston_tree": "Decompose", // whose PlugIn is mlxtend's
	"pca_random_walk": "RandomWalkShare", "jackknife_note": "Decompose", // whose errors are jackknifed
}

// usedAs names the text of a study or page that an entry which no function of this package gives is the oracle of.
var usedAs = map[string][2]string{
	// and the figure's theory line, tested in package report
	"saturation": {"../../experiments/saturation.yaml", "= 50000.5 * gradient("},
}

// Every golden entry is of use outside of tests.
func TestEveryEntryHasACaller(t *testing.T) {
	calls := map[string]bool{}
	call := regexp.MustCompile(`\bstat\.([A-Z]\w*)`)
	for _, folder := range []string{"../../internal", "../../report", "../../runner"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range call.FindAllSubmatch(text, -1) {
				calls[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"stats.json", "inference.json"} {
		for key := range goldenFile(t, file) {
			f, used := usedFor[key]
			text, written := usedAs[key]
			switch {
			case used && !calls[f]:
				t.Errorf("%s is the oracle of %s, which nothing calls", key, f)
			case written:
				if page, err := os.ReadFile(text[0]); err != nil || !strings.Contains(string(page), text[1]) {
					t.Errorf("%s is the oracle of %q, which is not in %s", key, text[1], text[0])
				}
			case !used:
				t.Errorf("nothing says what %s of %s is used for", key, file)
			}
		}
	}
}
