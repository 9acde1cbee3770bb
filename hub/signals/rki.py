"""The system of the Robert Koch Institute: a week against the mean of its reference values.

Source: A. Riebler (2004), Empirischer Vergleich von statistischen Methoden zur Ausbruchserkennung bei
Surveillance Daten; for small means the limits of E. L. Crow, R. S. Gardner (1959), Confidence intervals for
the expectation of a Poisson variable, Biometrika 46, 441-453.
"""

from __future__ import annotations

import numpy as np

from hub.signals.detection import Counts, Detection
from hub.signals.reference_values import reference_moments

SMALL_MEAN = 20
"""Up to this mean the counts are taken as Poisson, above it as normal."""
# fmt: off
CROW_GARDNER_UPPER = np.array([
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
    19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
])
# fmt: on
"""Upper 95 % limit of a Poisson mean of which 0, 1 ... 20 events were seen."""


def rki(
    counts: Counts, first: int | None = None, *, b: int = 2, w: int = 4, act_y: bool = False
) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be).

    b=0, w=6, act_y is RKI 1; 1, 6, True RKI 2; 2, 4, False RKI 3. Raises BadParameter.
    """
    first, mean, deviation = reference_moments(counts, first, b, w, this_year=act_y)
    small = CROW_GARDNER_UPPER[np.minimum(mean, SMALL_MEAN).astype(np.int64)]
    bound = np.where(mean > SMALL_MEAN, mean + 2 * deviation, small)
    return Detection(first, bound, counts[:, first:] > bound)
