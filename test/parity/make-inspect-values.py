"""Makes test/parity/values/inspect.json with scikit-learn, scipy and plain loops over pairs. Needs numpy, scipy, scikit-learn. No argument.

Inputs are drawn by a formula that the tests repeat: value i of a series is sin(seed * (i + 1) * 12.9898) * 43758.5453 modulo 1, rounded to float32."""

import json
import pathlib

import numpy
from scipy import stats
from sklearn.metrics import roc_auc_score

here = pathlib.Path(__file__).parent


def drawn(seed, count):
    x = numpy.sin(seed * (numpy.arange(count) + 1) * 12.9898) * 43758.5453
    return (x - numpy.floor(x)).astype(numpy.float32)


def statistics(values, levels):
    values = values.astype(numpy.float64)
    least, greatest, count = values.min(), values.max(), len(values)
    above = values - least
    return {
        "least": least,
        "greatest": greatest,
        "mean": values.mean(),
        "deviation": values.std(),
        "activeShare": float((values >= least + (greatest - least) / 2).mean()),
        "selectivity": float((1 - above.mean() ** 2 / (above**2).mean()) / (1 - 1 / count)),
        "loudness": float(stats.pearsonr(values, levels.astype(numpy.float64))[0]),
        "histogram": numpy.histogram(values, 24)[0].tolist(),
    }


def clustered(values, labels, groups):
    """Obuchowski 1997 from every pair."""
    yes, no = numpy.flatnonzero(labels), numpy.flatnonzero(1 - labels)
    wins = (values[yes][:, None] > values[no][None]) + 0.5 * (values[yes][:, None] == values[no][None])
    area, m, n = wins.mean(), len(yes), len(no)
    first, second = wins.mean(1), wins.mean(0)
    names = sorted(set(groups.tolist()))
    x = numpy.array([sum(first[i] - area for i in range(m) if groups[yes[i]] == g) for g in names])
    y = numpy.array([sum(second[j] - area for j in range(n) if groups[no[j]] == g) for g in names])
    with_yes, with_no = len(set(groups[yes].tolist())), len(set(groups[no].tolist()))
    s10 = with_yes / ((with_yes - 1) * m) * (x**2).sum()
    s01 = with_no / ((with_no - 1) * n) * (y**2).sum()
    s11 = len(names) / (len(names) - 1) * (x * y).sum()
    return area, s10 / m + s01 / n + 2 * s11 / (m * n)


def grouped(values, labels, groups):
    """The intraclass correlation of ranks above their side's mean by analysis of variance, and the design effect from the whole matrix of correlations."""
    ranks = stats.rankdata(values)
    left = ranks - numpy.where(labels == 1, ranks[labels == 1].mean(), ranks[labels == 0].mean())
    own = [left[groups == g] for g in numpy.unique(groups)]
    n, k, sizes = len(left), len(own), numpy.array([len(x) for x in own])
    if n == k:
        return 0.0, 1.0
    between = sum(len(x) * (x.mean() - left.mean()) ** 2 for x in own) / (k - 1)
    within = sum(((x - x.mean()) ** 2).sum() for x in own) / (n - k)
    typical = (n - (sizes**2).sum() / n) / (k - 1)
    correlation = float(numpy.clip((between - within) / (between + (typical - 1) * within), 0, 1))
    weights = numpy.where(labels == 1, 1 / labels.sum(), -1 / (1 - labels).sum())
    matrix = numpy.where(groups[:, None] == groups[None], correlation, 0.0)
    numpy.fill_diagonal(matrix, 1.0)
    return correlation, float(weights @ matrix @ weights / (weights @ weights))


def areas():
    rows = []
    for seed, count, share, levels, size in [(1, 40, 0.3, 0, 1), (2, 60, 0.5, 7, 3), (3, 200, 0.1, 0, 5), (4, 31, 0.8, 3, 2), (5, 500, 0.4, 50, 7)]:
        labels = (drawn(seed + 100, count) < share).astype(int)
        values = drawn(seed, count) + numpy.float32(0.3) * labels.astype(numpy.float32) - numpy.float32(0.5)
        if levels:
            values = (numpy.floor(values * levels) / numpy.float32(levels)).astype(numpy.float32)
        groups = numpy.arange(count) // size
        area, variance = clustered(values, labels, groups)
        assert abs(area - roc_auc_score(labels, values)) < 1e-12
        alike = values + numpy.float32(2) * drawn(seed + 300, count)[groups]
        correlation, effect = grouped(alike.astype(numpy.float32), labels, groups)
        rows.append({"correlation": correlation, "effect": effect, "seed": seed, "count": count, "share": share, "levels": levels, "size": size, "auroc": roc_auc_score(labels, values), "variance": variance, "ranks": stats.rankdata(values).tolist() if count < 50 else None})
    return rows


def related():
    seeds, count = [31, 32, 33, 34], 90
    rows = [(drawn(seed, count) ** 2).astype(numpy.float64) for seed in seeds]
    return {"seeds": seeds, "count": count, "correlations": [float(numpy.corrcoef(rows[0], row)[0, 1]) for row in rows[1:]]}


def discoveries():
    """How many are told from chance, by scipy's Benjamini and Hochberg."""
    rows = []
    for seed, count, power in [(41, 20, 3), (42, 50, 6), (43, 30, 1), (44, 200, 9)]:
        values = (drawn(seed, count).astype(numpy.float64)) ** power
        rows.append({"seed": seed, "count": count, "power": power, "told": int((stats.false_discovery_control(values) <= 0.05).sum())})
    return rows


def rank_sums():
    """Upper tails of Mann and Whitney's statistic without ties, by scipy's exact method; a sample with so many wins is laid out one example at a time."""
    rows = []
    for yes, no in [(4, 56), (3, 3), (7, 5), (12, 48), (30, 20)]:
        for wins in sorted({0, 1, yes * no // 2, (yes * no * 3) // 4, yes * no - 2, yes * no}):
            places, left = [], wins
            for _ in range(yes):
                places.append(min(no, left))
                left -= places[-1]
            x = numpy.array([place + 0.001 * (i + 1) - 0.5 for i, place in enumerate(sorted(places))])
            test = stats.mannwhitneyu(x, numpy.arange(no), alternative="greater", method="exact")
            assert test.statistic == wins
            rows.append({"yes": yes, "no": no, "wins": wins, "tail": float(test.pvalue)})
    return rows


probabilities = [0.5, 0.6, 0.9, 0.975, 0.995, 0.9999, 1 - 1e-7, 0.01]
values = {
    "statistics": [{"seed": s, "count": c, **statistics(drawn(s, c) ** 3 - numpy.float32(0.2), drawn(s + 50, c) * 30 + drawn(s, c) * 20)} for s, c in [(11, 100), (12, 777)]],
    "areas": areas(),
    "related": related(),
    "rankSums": rank_sums(),
    "discoveries": discoveries(),
    "quantiles": [{"probability": p, "quantile": float(stats.norm.ppf(p))} for p in probabilities],
}
(here / "values" / "inspect.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
