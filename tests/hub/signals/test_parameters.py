"""Parameters of detectors, read from words."""

from __future__ import annotations

import pytest

from hub.signals.detection import BadParameter
from hub.signals.methods import METHODS
from hub.signals.parameters import read_values


def read(method: str, *settings: str) -> dict[str, object]:
    return read_values(METHODS[method].parameters, settings)


def test_what_is_not_set_is_as_in_r() -> None:
    assert read("farringtonFlexible") == {
        "b": 5,
        "w": 3,
        "reweight": True,
        "alpha": 0.05,
        "trend": True,
        "limit54": (5, 4),
        "powertrans": "2/3",
        "weightsThreshold": 2.58,
        "pThresholdTrend": 0.05,
        "noPeriods": 1,
        "pastWeeksNotIncluded": None,
        "thresholdMethod": "delta",
    }


def test_words_are_read_as_r_writes_them() -> None:
    values = read("glrnb", "mu0=S:2,trend:true", "alpha=null", "theta=0.5", "ret=cases", "M=26")
    assert (values["mu0"], values["alpha"], values["theta"], values["ret"], values["M"]) == (
        (2, True),
        None,
        0.5,
        "cases",
        26,
    )
    assert read("farrington", "limit54=0,4", "reweight=FALSE")["limit54"] == (0, 4)
    assert read("cusum", "m=glm")["m"] == "glm"
    assert read("cusum", "m=2.5")["m"] == 2.5


@pytest.mark.parametrize(
    ("method", "setting", "said"),
    [
        ("farrington", "rahasia=1", "the method has b, w, reweight"),
        ("farrington", "b", "a setting is parameter=value"),
        ("farrington", "b=rahasia", "b is a whole number from 1 to 50"),
        ("farrington", "alpha=1", "alpha is a number between 0 and 1"),
        ("farrington", "alpha=nan", "alpha is a number between 0 and 1"),
        ("farrington", "limit54=5", "two whole numbers"),
        ("farrington", "powertrans=rahasia", "powertrans is one of 2/3, 1/2, none"),
        ("earsC", "minSigma=-1", "minSigma is a number of at least 0"),
        ("cusum", "reset=rahasia", "reset is true or false"),
        ("cusum", "m=0", "a number above 0, null or glm"),
        ("glrnb", "mu0=S:x", "such as S:1,trend:false"),
        ("glrnb", "change=epi", "change is intercept, nothing else"),
    ],
)
def test_a_bad_setting_is_told_what_is_allowed_and_never_repeated(
    method: str, setting: str, said: str
) -> None:
    with pytest.raises(BadParameter) as refusal:
        read(method, setting)
    assert said in str(refusal.value)
    assert "rahasia" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
