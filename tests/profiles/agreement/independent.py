"""Makes `independent.json` again: coefficients of random ratings as libraries of others compute them.

To be run by hand in an environment of its own, as they pin what we have in other versions:
`pip install irrcac==0.4.4 krippendorff==0.9.0 statsmodels==0.15.0 "setuptools<81"`.
"""

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas
from irrCAC.raw import CAC
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

#: Subjects, raters, categories, the share that judges as it is, the share that is missing.
POPULATIONS = (
    (12, 2, 2, 0.9, 0.0),
    (20, 2, 3, 0.6, 0.0),
    (40, 2, 4, 0.8, 0.0),
    (30, 4, 4, 0.5, 0.2),
    (50, 3, 2, 0.7, 0.1),
    (25, 6, 16, 0.6, 0.3),
    (60, 5, 3, 0.95, 0.0),
)


def ratings(
    number: int, raters: int, categories: int, certain: float, missing: float, random: Any
) -> NDArray[np.float64]:
    """Return categories from 0 by subject and rater; NaN where a rater did not judge."""
    truth = random.integers(0, categories, number)[:, None]
    guessed = random.integers(0, categories, (number, raters))
    table = np.where(random.random((number, raters)) < certain, truth, guessed).astype(float)
    table[random.random((number, raters)) < missing] = np.nan
    judged: NDArray[np.float64] = table[(~np.isnan(table)).sum(axis=1) > 1]
    return judged


def by_others(table: NDArray[np.float64], categories: int) -> dict[str, list[float]]:
    """Return every coefficient with its bounds, where a library gives them."""
    frame, names = pandas.DataFrame(table + 1), list(range(1, categories + 1))
    plain = CAC(frame, categories=names, digits=12)
    straight = CAC(frame, categories=names, weights="linear", digits=12)
    found = {
        "overeenstemming": [plain.gwet()["est"]["pa"]],
        "fleiss": _of(plain.fleiss()),
        "ac1": _of(plain.gwet()),
        "ac2": _of(straight.gwet()),
        "alpha": [krippendorff.alpha(reliability_data=table.T, level_of_measurement="nominal")],
        "alpha_ordinaal": [krippendorff.alpha(reliability_data=table.T, level_of_measurement="ordinal")],
    }
    if table.shape[1] == 2:
        counts = np.zeros((categories, categories))
        np.add.at(counts, tuple(table.astype(int).T), 1)
        found["cohen"] = [cohens_kappa(counts).kappa]
        found["cohen_gewogen"] = [cohens_kappa(counts, wt="linear").kappa]
    if not np.isnan(table).any():
        counts = np.stack([(table == each).sum(axis=1) for each in range(categories)], axis=1)
        assert np.isclose(fleiss_kappa(counts), found["fleiss"][0])
    return found


def _of(result: dict[str, Any]) -> list[float]:
    return [result["est"]["coefficient_value"], *result["est"]["confidence_interval"]]


if __name__ == "__main__":
    cases = []
    for seed, (number, raters, categories, certain, missing) in enumerate(POPULATIONS):
        table = ratings(number, raters, categories, certain, missing, np.random.default_rng(seed))
        judged = [[None if np.isnan(each) else int(each) for each in row] for row in table]
        cases.append({"categories": categories, "ratings": judged, "found": by_others(table, categories)})
    text = json.dumps(cases, separators=(",", ":"), default=float)
    Path(__file__).with_suffix(".json").write_text(text.replace("},{", "},\n{") + "\n")
