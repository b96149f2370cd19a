"""Recomputes stats.json, the golden numbers of the tests of package stat, with numpy and scipy.

    python3 stats.py            prints the JSON
    python3 stats.py --check    says where stats.json differs by more than 1e-12 (relative), and exits with 1 if it does

Not recomputed, and copied from the file, are the numbers of KEPT: predictions and results
of programs that are not needed here. What follows from those predictions is recomputed.
Needs numpy and scipy (Debian: python3-scipy).
"""

import itertools
import json
import math
import os
import sys

import numpy as np
from scipy import integrate, stats

# The 200 predictions for 45 irises are those of mlxtend's bias_variance_decomp with
# scikit-learn's decision tree (seeds 123); the numbers of the tree on Boston's houses are
# printed in mlxtend's documentation, and scikit-learn no longer has the data.
KEPT = [("iris_tree_mlxtend", "pred"), ("iris_tree_mlxtend", "y"), ("mlxtend_boston_tree",)]

X = [97.5, 97.62, 97.41, 97.7, 97.55]
Y = [97.1, 97.35, 97.05, 97.45, 97.2]
P_VALUES = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
Z = stats.norm.ppf(0.975)


def t_interval():
    n, mean, sd = len(X), np.mean(X), np.std(X, ddof=1)
    se = sd / math.sqrt(n)
    half = stats.t.ppf(0.975, n - 1) * se
    chi2 = stats.chi2.ppf([0.975, 0.025], n - 1)
    return {
        "x": X, "mean": mean, "sd": sd, "se": se, "half": half, "lo": mean - half, "hi": mean + half,
        "sd_ci": list(sd * np.sqrt((n - 1) / chi2)),
    }


def bootstrap():
    """All 5^5 resamples: the standard error and the quantiles of the mean."""
    means = [np.mean(s) for s in itertools.product(X, repeat=len(X))]
    return np.std(means), list(np.quantile(means, [0.025, 0.975]))


def paired():
    d = np.subtract(X, Y)
    t = stats.ttest_rel(X, Y)
    half = stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d))
    return {
        "y": Y, "meandiff": d.mean(), "sd": d.std(ddof=1), "t": t.statistic, "p": t.pvalue,
        "ci": [d.mean() - half, d.mean() + half],
    }


def welch():
    t = stats.ttest_ind(X, Y, equal_var=False)
    a, b, n = np.var(X, ddof=1) / len(X), np.var(Y, ddof=1) / len(Y), len(X)
    return {"t": t.statistic, "p": t.pvalue, "df": (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (n - 1))}


def sign_flip():
    d = np.subtract(X, Y)
    means = [abs(np.mean(d * signs)) for signs in itertools.product([1, -1], repeat=len(d))]
    return float(np.mean([m >= abs(d.mean()) - 1e-12 for m in means]))


def mann_whitney():
    u = stats.mannwhitneyu(X, Y, alternative="two-sided", method="exact")
    return {"U": u.statistic, "p": u.pvalue, "pImp": u.statistic / (len(X) * len(Y))}


def wilson(k, n):
    p = k / n
    middle, half = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n * n))
    return [(middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)]


def wald(k, n):
    p = k / n
    half = Z * math.sqrt(p * (1 - p) / n)
    return [p - half, p + half]


def mcnemar(b, c):
    def chi2(q):
        return [q, stats.chi2.sf(q, 1)]

    n = b + c
    exact = min(1, 2 * stats.binom.cdf(min(b, c), n, 0.5))
    return {
        "corr": chi2((abs(b - c) - 1) ** 2 / n), "unc": chi2((b - c) ** 2 / n), "exact": exact,
        "midp": exact - stats.binom.pmf(min(b, c), n, 0.5),
    }


def cochran():
    """Rows: right or wrong of three models, and how many examples."""
    rows = [[1, 1, 1, 80], [1, 1, 0, 2], [1, 0, 1, 0], [1, 0, 0, 2], [0, 1, 1, 9], [0, 1, 0, 1], [0, 0, 1, 3], [0, 0, 0, 3]]
    right = np.repeat([r[:3] for r in rows], [r[3] for r in rows], axis=0)
    k, columns, examples = 3, right.sum(0), right.sum(1)
    q = (k - 1) * (k * (columns**2).sum() - columns.sum() ** 2) / (k * examples.sum() - (examples**2).sum())
    return {"Q": q, "p": stats.chi2.sf(q, k - 1), "rows": rows}


def holm(p):
    m, adjusted = len(p), 0.0
    result = []
    for i, v in enumerate(sorted(p)):
        adjusted = max(adjusted, min(1, (m - i) * v))
        result.append(adjusted)
    return result


def benjamini_hochberg(p):
    m, adjusted = len(p), 1.0
    result = []
    for i, v in reversed(list(enumerate(sorted(p)))):
        adjusted = min(adjusted, m / (i + 1) * v)
        result.append(adjusted)
    return result[::-1]


def expected_maximum(k):
    """Of k standard normal numbers."""
    density = lambda z: z * k * stats.norm.pdf(z) * stats.norm.cdf(z) ** (k - 1)
    return integrate.quad(density, -12, 12, epsabs=1e-14, epsrel=1e-13, limit=500)[0]


def friedman():
    x = [[0.9, 0.92, 0.91], [0.85, 0.88, 0.87], [0.95, 0.95, 0.96], [0.8, 0.86, 0.84], [0.7, 0.75, 0.73], [0.91, 0.9, 0.93]]
    f = stats.friedmanchisquare(*np.transpose(x))
    return {"x": x, "chi2": f.statistic, "p": f.pvalue}


def iris(pred, y):
    """Domingos 2000 and mlxtend on the kept predictions: a row of digits for each training set."""
    pred, y = np.array([[int(c) for c in row] for row in pred]), np.array(y)
    main = np.array([np.bincount(column).argmax() for column in pred.T])
    differs = pred != main
    biased = main != y
    return {
        "loss": (pred != y).mean(), "bias": biased.mean(), "var": differs.mean(),
        "Vu": (differs * ~biased).mean(), "Vb": (differs & biased & (pred == y)).mean(),
    }


def domingos(pt, py):
    """Probabilities of the classes of the target and of the prediction."""
    pt, py = np.array(pt), np.array(py)
    best, main = pt.argmax(), py.argmax()
    right = py[best]
    both = (pt * py).sum() - pt[best] * py[best]  # target and prediction agree on another class
    missed = ((1 - pt[best]) * (1 - right))
    bias = int(best != main)
    c1 = right - (1 - right) * (both / missed)
    c2 = 1 if bias == 0 else -(py[best] / (1 - py[main]))
    noise, variance = 1 - pt[best], 1 - py[main]
    return {"pt": list(pt), "py": list(py), "N": noise, "B": bias, "V": variance, "c1": c1, "c2": c2, "EL": 1 - (pt * py).sum()}


def saturation():
    """An output that is certain of the wrong class with p = 1e-5, descended at rate 1."""
    p = 1e-5
    z0 = math.log(p / (1 - p))
    mse, ce = lambda a: 2 * (a - 1) * a * (1 - a), lambda a: a - 1

    def steps(gradient):
        z, n = z0, 0
        while z < 0:
            z, n = z - gradient(1 / (1 + math.exp(-z))), n + 1
        return n

    return {
        "z0": z0, "dz_mse": mse(p), "dz_ce": ce(p), "ratio": round(ce(p) / mse(p), 1), "steps_ce": steps(ce), "steps_mse": steps(mse),
    }


def decomposition():
    """Squared error by mlxtend: rows are training sets."""
    pred, y = [[1, 3], [2, 5], [4, 7]], [2, 4]
    mean = np.mean(pred, axis=0)
    return {
        "pred": pred, "y": y, "loss": np.mean(np.subtract(pred, y) ** 2),
        "bias2": np.mean((mean - y) ** 2), "var": np.mean((pred - mean) ** 2),
    }


def five_by_two():
    """Dietterich 1998 (t) and Alpaydin 1999 (F)."""
    p1, p2 = np.array([0.02, 0.03, 0.01, 0.04, 0.02]), np.array([0.01, 0.02, 0.03, 0.02, 0.0])
    mean = (p1 + p2) / 2
    variance = ((p1 - mean) ** 2 + (p2 - mean) ** 2).sum()
    t = p1[0] / math.sqrt(variance / 5)
    f = (p1**2 + p2**2).sum() / (2 * variance)
    return {"p1": list(p1), "p2": list(p2), "t": t, "pt": 2 * stats.t.sf(abs(t), 5), "F": f, "pF": stats.f.sf(f, 10, 5)}


def anova():
    """Shares of the sum of squares, with seeds as repeats: y[a][b][seed]."""
    y = np.array([[[1.0, 2.0], [3.0, 4.0]], [[2.0, 3.0], [6.0, 9.0]]])
    mean, n = y.mean(), y.shape[2]
    total = ((y - mean) ** 2).sum()
    cells = y.mean(2)
    a = 2 * n * ((cells.mean(1) - mean) ** 2).sum()
    b = 2 * n * ((cells.mean(0) - mean) ** 2).sum()
    ab = n * ((cells - mean) ** 2).sum() - a - b
    seed = ((y - cells[:, :, None]) ** 2).sum()
    return {"y": y.tolist(), "A": a / total, "B": b / total, "AB": ab / total, "seed": seed / total}


def proportions():
    """Two proportions of mlxtend's documentation, 84 and 92 of 100, with the pooled variance."""
    p = (0.84 + 0.92) / 2
    z = (0.84 - 0.92) / math.sqrt(p * (1 - p) * (1 / 100 + 1 / 100))
    return {"z": z, "p1": stats.norm.cdf(z), "p2": 2 * stats.norm.cdf(z)}


def coverage(n, p):
    """Probability that the interval of a binomial count holds p."""
    k = np.arange(n + 1)
    with np.errstate(divide="ignore"):  # scipy 1.10 on probabilities that are 0
        pmf = stats.binom.pmf(k, n, p)
    covers = lambda interval: sum(q for i, q in zip(k, pmf) if interval(i, n)[0] <= p <= interval(i, n)[1])
    return {"wald": covers(wald), "wilson": covers(wilson)}


def compute(kept):
    se, quantiles = bootstrap()
    wilcoxon = stats.wilcoxon(X, Y)
    outlier = [0, 1, 2, 3, 4, 5, 6, 7, 100]
    examples, errors = np.log([100, 1000, 10000]), np.log([0.2, 0.1, 0.05])
    result = {
        "t975": {str(n): stats.t.ppf(0.975, n) for n in (1, 2, 3, 4, 9, 19, 29)},
        "tci": t_interval(),
        "boot_exact_se": se,
        "boot_exact_q": quantiles,
        "paired": paired(),
        "welch": welch(),
        "signflip_p": sign_flip(),
        "wilcoxon": {"W": wilcoxon.statistic, "p": wilcoxon.pvalue},
        "mwu": mann_whitney(),
        "wald_9767": wald(9767, 10000),
        "mcn_25_15": mcnemar(25, 15),
        "mcn_11_1": mcnemar(11, 1),
        "cochran": cochran(),
        "pvals": P_VALUES,
        "holm": holm(P_VALUES),
        "bh": benjamini_hochberg(P_VALUES),
        "iqm_1..10": stats.trim_mean(range(1, 11), 0.25),
        "iqm_9": stats.trim_mean(range(9), 0.25),
        "iqm_outlier": {"x": outlier, "iqm": stats.trim_mean(outlier, 0.25)},
        "friedman": friedman(),
        "spearman": list(stats.spearmanr([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])),
        "kendall": list(stats.kendalltau([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])),
        "powerlaw": list(np.polyfit(examples, errors, 1)),
        "binom_sd_10000_.977": math.sqrt(0.977 * 0.023 / 10000),
        "iris_tree_mlxtend": {**kept["iris_tree_mlxtend"], **iris(**kept["iris_tree_mlxtend"])},
        "domingos_2class": domingos([0.2, 0.8], [0.6, 0.4]),
        "domingos_4class": domingos([0.1, 0.5, 0.3, 0.1], [0.2, 0.3, 0.4, 0.1]),
        "saturation": saturation(),
        "mlxtend_boston_tree": kept["mlxtend_boston_tree"],
        "pca_random_walk": [6 / (math.pi * k) ** 2 for k in range(1, 6)],
        "mlxtend_bv_fixed": decomposition(),
        "cv5x2": five_by_two(),
        "anova": anova(),
        "prop_diff": proportions(),
        "coverage": {"n100_p.97": coverage(100, 0.97), "n1000_p.977": coverage(1000, 0.977)},
        "jackknife_note": "SE^2=(K-1)/K*sum((theta_-k - mean)^2)",
    }
    for k, n in [(9767, 10000), (9134, 10000), (0, 100), (100, 100), (93, 100), (45, 50)]:
        result[f"wilson_{k}_{n}"] = wilson(k, n)
    for k in (2, 5, 10, 20, 100):
        result[f"Emax_{k}"] = expected_maximum(k)
    d = result["domingos_4class"]
    d["rhs"] = d["c1"] * d["N"] + d["B"] + d["c2"] * d["V"]
    return result


def only_kept(golden):
    kept = {}
    for entry, *field in KEPT:
        if field:
            kept.setdefault(entry, {})[field[0]] = golden[entry][field[0]]
        else:
            kept[entry] = golden[entry]
    return kept


def differences(got, want, path=""):
    """Where got and want differ: numbers by more than 1e-12 of their size, and 1e-15 for those that are 0."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(got.keys() | want.keys()):
            at = path + "/" + key
            if key not in got or key not in want:
                yield at + (": is not computed" if key in want else ": is not in the file")
            else:
                yield from differences(got[key], want[key], at)
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (g, w) in enumerate(zip(got, want)):
            yield from differences(g, w, f"{path}[{i}]")
    elif isinstance(want, (int, float)) and isinstance(got, (int, float, np.number)):
        if not abs(got - want) <= 1e-12 * abs(want) + 1e-15:
            yield f"{path}: {got!r}, in the file {want!r}"
    elif got != want:
        yield f"{path}: {got!r}, in the file {want!r}"


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stats.json")) as f:
        golden = json.load(f)
    got = compute(only_kept(golden))
    if "--check" not in sys.argv:
        json.dump(got, sys.stdout, indent=1, default=float)
        return
    wrong = list(differences(got, golden))
    print("\n".join(wrong) or "stats.json is reproduced")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
