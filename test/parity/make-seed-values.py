"""Reference values of means over seeds with their intervals: Student's t by SciPy. Writes values/seeds.json."""

import json
import pathlib

import numpy
import scipy
from scipy import stats

random = numpy.random.default_rng(7)
cases = []
for count in [2, 3, 5, 10, 20]:
    values = random.uniform(0.2, 0.4, count)
    low, high = stats.t.interval(0.95, count - 1, loc=values.mean(), scale=stats.sem(values))
    cases.append({"values": values.tolist(), "mean": values.mean(), "low": low, "high": high})
path = pathlib.Path(__file__).parent / "values" / "seeds.json"
path.write_text(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=1) + "\n")
