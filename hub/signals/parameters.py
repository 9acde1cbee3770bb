"""Parameters of detectors: read from words as R writes them (null, true, a,b), refused in one line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.signals.detection import BadParameter


@dataclass(frozen=True)
class Kind:
    """A kind of value: how a word is read (ValueError: it is none), and what is allowed, in words."""

    read: Callable[[str], Any]
    allowed: str


@dataclass(frozen=True)
class Parameter:
    """A parameter of a detector, with R's default."""

    name: str
    default: Any
    kind: Kind


def read_values(parameters: tuple[Parameter, ...], settings: Iterable[str]) -> dict[str, Any]:
    """Return the values of all parameters, with what "name=value" sets. Raises BadParameter."""
    known = {parameter.name: parameter for parameter in parameters}
    values = {parameter.name: parameter.default for parameter in parameters}
    for setting in settings:
        name, equals, word = setting.partition("=")
        parameter = known.get(name.strip())
        if not equals or parameter is None:
            raise BadParameter(f"a setting is parameter=value; the method has {', '.join(known)}")
        try:
            values[parameter.name] = parameter.kind.read(word.strip())
        except ValueError:
            raise BadParameter(f"{parameter.name} is {parameter.kind.allowed}") from None
    return values


def number(least: float = -math.inf, most: float = math.inf) -> Kind:
    """Return the kind of numbers within bounds."""

    def read(word: str) -> float:
        value = float(word)
        if not (math.isfinite(value) and least <= value <= most):
            raise ValueError
        return value

    if math.isfinite(most):
        return Kind(read, f"a number from {least:g} to {most:g}")
    return Kind(read, f"a number of at least {least:g}" if math.isfinite(least) else "a number")


def share() -> Kind:
    """Return the kind of probabilities that are neither 0 nor 1."""

    def read(word: str) -> float:
        value = float(word)
        if not 0 < value < 1:
            raise ValueError
        return value

    return Kind(read, "a number between 0 and 1")


def whole(least: int, most: int) -> Kind:
    """Return the kind of whole numbers within bounds."""

    def read(word: str) -> int:
        value = int(word)
        if not least <= value <= most:
            raise ValueError
        return value

    return Kind(read, f"a whole number from {least} to {most}")


def truth() -> Kind:
    """Return the kind true or false."""

    def read(word: str) -> bool:
        if word.casefold() not in ("true", "false"):
            raise ValueError
        return word.casefold() == "true"

    return Kind(read, "true or false")


def choice(*words: str) -> Kind:
    """Return the kind of one of some words."""

    def read(word: str) -> str:
        if word not in words:
            raise ValueError
        return word

    return Kind(read, f"one of {', '.join(words)}" if len(words) > 1 else f"{words[0]}, nothing else")


def pair() -> Kind:
    """Return the kind of two whole numbers, a,b: reports, and weeks from 1 on."""

    def read(word: str) -> tuple[int, int]:
        reports, weeks = (int(part) for part in word.split(","))
        if reports < 0 or weeks < 1:
            raise ValueError
        return reports, weeks

    return Kind(read, "two whole numbers, such as 5,4: reports and weeks")


def or_null(kind: Kind) -> Kind:
    """Return the kind that is also null."""
    return Kind(
        lambda word: None if word.casefold() == "null" else kind.read(word), f"{kind.allowed}, or null"
    )


def means() -> Kind:
    """Return the kind of what a CUSUM expects: a number, null or glm."""

    def read(word: str) -> float | str | None:
        if word.casefold() == "null":
            return None
        return "glm" if word == "glm" else number(1e-9).read(word)

    return Kind(read, "a number above 0, null or glm")


def waves_and_trend() -> Kind:
    """Return the kind of a model of what is expected: S:1,trend:false, either part left out, or null."""

    def read(word: str) -> tuple[int, bool]:
        waves, trend = 1, False
        if word.casefold() == "null":
            return waves, trend
        for part in word.split(","):
            name, _, value = part.partition(":")
            if name.strip() == "S":
                waves = whole(0, 10).read(value)
            elif name.strip() == "trend":
                trend = truth().read(value.strip())
            else:
                raise ValueError
        return waves, trend

    return Kind(read, "such as S:1,trend:false (S from 0 to 10), or null")
