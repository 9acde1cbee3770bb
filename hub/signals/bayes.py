"""Bayes: a week against the predictive distribution that its reference values leave.

Source: A. Riebler (2004); M. Höhle (2007), surveillance: an R package for the monitoring of infectious
diseases, Computational Statistics 22, 571-582. Counts are Poisson with a mean that has Jeffreys' prior,
Gamma(1/2, 0): after n weeks with the sum y the next count is negative binomial with size y + 1/2 and
probability n / (n + 1).
"""

from __future__ import annotations

from scipy.stats import nbinom

from hub.signals.detection import Counts, Detection
from hub.signals.reference_values import reference_sums, reference_values


def bayes(
    counts: Counts,
    first: int | None = None,
    *,
    b: int = 0,
    w: int = 6,
    act_y: bool = True,
    alpha: float = 0.05,
) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be).

    An alarm is a count above the (1 - alpha) quantile. b=0, w=6, act_y is Bayes 1; 1, 6, True Bayes 2; 2, 4,
    False Bayes 3. Raises BadParameter.
    """
    first, back = reference_values(counts, first, b, w, this_year=act_y)
    sums, number = reference_sums(counts, first, back), len(back)
    bound = nbinom.ppf(1 - alpha, sums + 0.5, number / (number + 1))
    return Detection(first, bound, counts[:, first:] > bound)
