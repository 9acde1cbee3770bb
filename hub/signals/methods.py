"""The detectors by name, with parameters as the R package surveillance 1.20.3 calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.signals.bayes import bayes
from hub.signals.cusum import TRANSFORMS, cusum
from hub.signals.detection import BadParameter, Counts, Detection
from hub.signals.ears import LAG_WEEKS, ears
from hub.signals.farrington import Rules, farrington
from hub.signals.farrington_flexible import FlexibleRules, farrington_flexible
from hub.signals.likelihood_ratio import Chart, likelihood_ratio
from hub.signals.own_rule import LOG_RATIO, own_rule
from hub.signals.parameters import (
    Parameter,
    choice,
    means,
    number,
    or_null,
    pair,
    read_values,
    share,
    truth,
    waves_and_trend,
    whole,
)
from hub.signals.rki import rki

Values = Mapping[str, Any]
YEAR_BEFORE = 52
"""Charts that R never starts by itself begin after a year of weeks."""


@dataclass(frozen=True)
class Method:
    """A detector: its parameters, and how it is run from a first week (from 0; None: R's default)."""

    parameters: tuple[Parameter, ...]
    run: Callable[[Counts, int | None, Values], Detection]


def detect(name: str, counts: Counts, first: int | None = None, settings: Iterable[str] = ()) -> Detection:
    """Run the detector `name` with settings "parameter=value", the rest as R has it.

    `counts` has the shape (series, weeks). An alarm in a week depends on the weeks up to it only, and on the
    same series only. Raises BadParameter.
    """
    if name not in METHODS:
        raise BadParameter(f"the method is one of {', '.join(METHODS)}")
    method = METHODS[name]
    return method.run(counts, first, read_values(method.parameters, settings))


def _farrington_rules(values: Values) -> Rules:
    names = ("b", "w", "reweight", "alpha", "trend", "limit54", "powertrans")
    return Rules(**{name: values[name] for name in names})


def _run_farrington(counts: Counts, first: int | None, values: Values) -> Detection:
    return farrington(counts, first, _farrington_rules(values))


def _run_farrington_flexible(counts: Counts, first: int | None, values: Values) -> Detection:
    flexible = FlexibleRules(
        rules=_farrington_rules(values),
        weights_threshold=values["weightsThreshold"],
        p_threshold_trend=values["pThresholdTrend"],
        no_periods=values["noPeriods"],
        past_weeks_not_included=values["pastWeeksNotIncluded"],
        threshold_method=values["thresholdMethod"],
    )
    return farrington_flexible(counts, first, flexible)


def _run_ears(counts: Counts, first: int | None, values: Values) -> Detection:
    return ears(
        counts,
        first,
        method=values["method"],
        baseline=values["baseline"],
        min_sigma=values["minSigma"],
        alpha=values["alpha"],
    )


def _run_cusum(counts: Counts, first: int | None, values: Values) -> Detection:
    return cusum(counts, YEAR_BEFORE if first is None else first, **values)


def _run_likelihood_ratio(counts: Counts, first: int | None, values: Values) -> Detection:
    waves, trend = values["mu0"]
    chart = Chart(
        c_arl=values["c.ARL"],
        theta=values["theta"],
        least_weeks=values["Mtilde"],
        most_weeks=values["M"],
        decrease=values["dir"] == "dec",
    )
    return likelihood_ratio(
        counts,
        YEAR_BEFORE if first is None else first,
        chart,
        waves=waves,
        trend=trend,
        alpha=values.get("alpha", 0.0),
        cases=values["ret"] == "cases",
    )


def _run_bayes(counts: Counts, first: int | None, values: Values) -> Detection:
    return bayes(counts, first, b=values["b"], w=values["w"], act_y=values["actY"], alpha=values["alpha"])


def _run_rki(counts: Counts, first: int | None, values: Values) -> Detection:
    return rki(counts, first, b=values["b"], w=values["w"], act_y=values["actY"])


def _run_own_rule(counts: Counts, first: int | None, values: Values) -> Detection:
    return own_rule(counts, first, log_ratio=values["logRatio"])


_FARRINGTON = (
    Parameter("b", 5, whole(1, 50)),
    Parameter("w", 3, whole(0, 25)),
    Parameter("reweight", True, truth()),
    Parameter("alpha", 0.05, share()),
    Parameter("trend", True, truth()),
    Parameter("limit54", (5, 4), pair()),
    Parameter("powertrans", "2/3", choice("2/3", "1/2", "none")),
)


def _reference(b: int, w: int, *, act_y: bool) -> tuple[Parameter, ...]:
    return (
        Parameter("b", b, whole(0, 50)),
        Parameter("w", w, whole(1, 25)),
        Parameter("actY", act_y, truth()),
    )


def _chart(alpha: float | None) -> tuple[Parameter, ...]:
    return (
        Parameter("c.ARL", 5.0, number(0)),
        Parameter("mu0", (1, False), waves_and_trend()),
        Parameter("alpha", alpha, or_null(number(0))),
        Parameter("Mtilde", 1, whole(1, 1000)),
        Parameter("M", -1, whole(-1, 100_000)),
        Parameter("change", "intercept", choice("intercept")),
        Parameter("theta", None, or_null(number())),
        Parameter("dir", "inc", choice("inc", "dec")),
        Parameter("ret", "value", choice("value", "cases")),
    )


METHODS: dict[str, Method] = {
    "farrington": Method(_FARRINGTON, _run_farrington),
    "farringtonFlexible": Method(
        (
            *_FARRINGTON,
            Parameter("weightsThreshold", 2.58, number(0)),
            Parameter("pThresholdTrend", 0.05, number(0, 1)),
            Parameter("noPeriods", 1, whole(1, 52)),
            Parameter("pastWeeksNotIncluded", None, or_null(whole(0, 1000))),
            Parameter("thresholdMethod", "delta", choice("delta", "nbPlugin", "muan")),
        ),
        _run_farrington_flexible,
    ),
    "earsC": Method(
        (
            Parameter("method", "C1", choice(*LAG_WEEKS)),
            Parameter("baseline", 7, whole(3, 1000)),
            Parameter("minSigma", 0.0, number(0)),
            Parameter("alpha", 0.001, share()),
        ),
        _run_ears,
    ),
    "cusum": Method(
        (
            Parameter("k", 1.04, number()),
            Parameter("h", 2.26, number(0)),
            Parameter("m", None, means()),
            Parameter("trans", "standard", choice(*TRANSFORMS)),
            Parameter("alpha", None, or_null(number(0))),
            Parameter("reset", False, truth()),
        ),
        _run_cusum,
    ),
    "glrnb": Method(_chart(None), _run_likelihood_ratio),
    "glrpois": Method(tuple(p for p in _chart(0.0) if p.name != "alpha"), _run_likelihood_ratio),
    "bayes": Method((*_reference(0, 6, act_y=True), Parameter("alpha", 0.05, share())), _run_bayes),
    "rki": Method(_reference(2, 4, act_y=False), _run_rki),
    "kentongan": Method((Parameter("logRatio", LOG_RATIO, number()),), _run_own_rule),
}
"""Name -> detector, in the order shown."""
