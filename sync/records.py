"""The report: its fields, the one check that every way in goes through, and what "urgent" means.

The contract is `sync/contracts/report.schema.json`; limits and lists are read from it, not repeated.
Forms take their choices from the constants here, so that a form can never offer what the check refuses.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

from sync.errors import FieldProblem, ReportRefused


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sign of trafficking that a reporter can tick; `id` is its Indonesian text."""

    code: str
    group: str
    en: str
    id: str


def _contract(name: str) -> dict[str, Any]:
    text = resources.files("sync.contracts").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


_SCHEMA = _contract("report.schema.json")


def _flat(properties: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, rule in properties.items():
        yield prefix + name, rule
        if rule.get("type") == "object":
            yield from _flat(rule["properties"], f"{prefix}{name}.")


_RULES: Mapping[str, dict[str, Any]] = MappingProxyType(dict(_flat(_SCHEMA["properties"])))

KINDS: tuple[str, ...] = tuple(_RULES["kind"]["enum"])
URGENCIES: tuple[str, ...] = tuple(_RULES["urgency"]["enum"])
CHANNELS: tuple[str, ...] = tuple(_RULES["channel"]["enum"])
RELATIONS: tuple[str, ...] = tuple(_RULES["reporter.relation"]["enum"])
JOBS: tuple[str, ...] = tuple(_RULES["offer.job"]["enum"])
INDICATORS: tuple[Indicator, ...] = tuple(
    Indicator(**entry) for entry in _contract("indicators.json")["indicators"]
)
"""All indicators in their order on the wire."""

FIELDS: tuple[str, ...] = tuple(_RULES)
"""Every field as a dotted path, a section before its members, in the order of the contract."""

SECTIONS: tuple[str, ...] = tuple(path for path, rule in _RULES.items() if rule.get("type") == "object")
TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {path: rule["maxLength"] for path, rule in _RULES.items() if "maxLength" in rule}
)
"""Longest text of each text field, in Unicode code points."""

NUMBER_LIMITS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {path: (rule["minimum"], rule["maximum"]) for path, rule in _RULES.items() if "minimum" in rule}
)
"""Least and greatest value of each number field, both allowed."""


def rule_of(path: str) -> Mapping[str, Any]:
    """Return what the contract says of one of `FIELDS`: its type, limits, pattern or choices."""
    return _RULES[path]


URGENT_DAYS = 2
"""A departure within this many days (48 hours) of today is urgent."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place on Earth, WGS 84, degrees times 100,000."""

    lat_e5: int
    lon_e5: int


@dataclass(frozen=True, slots=True)
class Recruiter:
    """Who recruits, as far as the reporter knows."""

    name: str | None = None
    alias: str | None = None
    phone: str | None = None
    company: str | None = None
    social: str | None = None
    vehicle_plate: str | None = None
    licence_shown: bool | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is promised; money in rupiah, dates ISO 8601, destination ISO 3166-1 alpha-2."""

    destination: str | None = None
    job: str | None = None
    wage_idr: int | None = None
    fee_idr: int | None = None
    departure_on: str | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """How many people are concerned."""

    women: int | None = None
    men: int | None = None
    children: int | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """What the reporter chose to say about themselves."""

    relation: str | None = None
    contact: str | None = None
    refer: bool | None = None
    contact_safely: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report. None means "not said", never "no"; strings are kept exactly as given.

    Make one with `check_report`; the constructor itself checks nothing.
    """

    kind: str
    narrative: str
    language: str | None = None
    channel: str | None = None
    urgency: str | None = None
    observed_on: str | None = None
    place: str | None = None
    place_text: str | None = None
    position: Position | None = None
    indicators: frozenset[str] | None = None
    recruiter: Recruiter | None = None
    offer: Offer | None = None
    people: People | None = None
    reporter: Reporter | None = None
    official_involved: bool | None = None

    def to_json(self) -> dict[str, object]:
        """Return the submitted object again; indicators come in the order of the contract."""
        return _as_json(self)

    @property
    def is_urgent(self) -> bool:
        """True when the reporter says that it is: danger now, or departure within 48 hours."""
        return self.urgency == "now"


def is_urgent_on(report: Report, today: datetime.date) -> bool:
    """Tell whether the report is urgent on that day: said so, or a departure from today to 48 hours on."""
    if report.is_urgent:
        return True
    if report.offer is None or report.offer.departure_on is None:
        return False
    days = (datetime.date.fromisoformat(report.offer.departure_on) - today).days
    return 0 <= days <= URGENT_DAYS


def check_report(data: object) -> Report:
    """Return the report that `data` (parsed JSON) holds, or raise `ReportRefused` with every problem.

    Accepts what the contract accepts, with two readings settled: dates must exist, and a whole number
    must be written as one, so ``5.0`` is refused for 5 because it would not come back as it was given.
    Problems name fields and what they allow, never a value. An unknown field is named only if it
    looks like a field name, for a name or a phone may stand where a key belongs.
    """
    problems = tuple(_object_problems(_SCHEMA, data, ""))
    if problems or not isinstance(data, dict):
        raise ReportRefused(problems)
    parts: dict[str, Any] = dict(data)
    for name, section in _SECTION_TYPES.items():
        if name in parts:
            parts[name] = section(**parts[name])
    if "indicators" in parts:
        parts["indicators"] = frozenset(parts["indicators"])
    return Report(**parts)


_SECTION_TYPES: Mapping[str, Callable[..., object]] = MappingProxyType(
    {"position": Position, "recruiter": Recruiter, "offer": Offer, "people": People, "reporter": Reporter}
)


_SECTIONS = (Position, Recruiter, Offer, People, Reporter)


def _as_json(record: Report | Position | Recruiter | Offer | People | Reporter) -> dict[str, object]:
    result: dict[str, object] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if value is None:
            continue
        if isinstance(value, frozenset):
            value = [indicator.code for indicator in INDICATORS if indicator.code in value]
        elif isinstance(value, _SECTIONS):
            value = _as_json(value)
        result[name] = value
    return result


# --- the check: an interpreter of exactly the keywords that the contract uses ---


def _problems(rule: dict[str, Any], value: object, path: str) -> Iterator[FieldProblem]:
    if rule.get("type") == "object":
        yield from _object_problems(rule, value, path)
    elif not _CHECKS[_type_of(rule)](rule, value):
        yield FieldProblem(path, *_allowed(rule, path))


def _object_problems(rule: dict[str, Any], value: object, path: str) -> Iterator[FieldProblem]:
    properties: dict[str, dict[str, Any]] = rule["properties"]
    known = ", ".join(properties)
    if not isinstance(value, dict):
        yield FieldProblem(
            path or "report",
            f"an object with only these fields: {known}",
            f"objek yang hanya berisi: {known}",
        )
        return
    prefix = f"{path}." if path else ""
    for name, member in properties.items():
        if name in value:
            yield from _problems(member, value[name], prefix + name)
        elif name in rule.get("required", ()):
            en, indonesian = _allowed(member, prefix + name)
            yield FieldProblem(prefix + name, f"required: {en}", f"wajib diisi: {indonesian}")
    for name in value:
        if name not in properties:
            yield FieldProblem(
                prefix + _shown_key(name), f"only these fields: {known}", f"hanya bidang berikut: {known}"
            )


def _shown_key(name: object) -> str:
    looks_like_field = isinstance(name, str) and re.fullmatch("[a-z]+(_[a-z0-9]+)*", name) and len(name) <= 32
    return str(name) if looks_like_field else "?"


def _type_of(rule: dict[str, Any]) -> str:
    return "enum" if "enum" in rule else str(rule["type"])


_SURROGATE = re.compile("[\ud800-\udfff]")


def _is_text(rule: dict[str, Any], value: object) -> bool:
    if not isinstance(value, str):
        return False
    if len(value) > rule.get("maxLength", len(value)) or _SURROGATE.search(value) is not None:
        return False
    if "pattern" in rule and re.fullmatch(rule["pattern"].removeprefix("^").removesuffix("$"), value) is None:
        return False
    return rule.get("format") != "date" or _is_date(value)


def _is_date(value: str) -> bool:
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(rule: dict[str, Any], value: object) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return bool(rule["minimum"] <= value <= rule["maximum"])


def _is_choice(rule: dict[str, Any], value: object) -> bool:
    return isinstance(value, str) and value in rule["enum"]


def _is_set(rule: dict[str, Any], value: object) -> bool:
    if not isinstance(value, list) or not all(_is_choice(rule["items"], item) for item in value):
        return False
    return len(set(value)) == len(value)


_CHECKS: Mapping[str, Callable[[dict[str, Any], object], bool]] = MappingProxyType(
    {
        "enum": _is_choice,
        "string": _is_text,
        "integer": _is_number,
        "boolean": lambda _rule, value: isinstance(value, bool),
        "array": _is_set,
    }
)

_PATTERN_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "place": ("an area code such as 53, 53.18, 53.18.01 or 53.18.01.2003",
                  "kode wilayah seperti 53, 53.18, 53.18.01 atau 53.18.01.2003"),
        "offer.destination": ("a country code of two capital letters, such as MY",
                              "kode negara dua huruf besar, misalnya MY"),
    }
)  # fmt: skip


def _allowed(rule: dict[str, Any], path: str) -> tuple[str, str]:
    """Say in English and Indonesian what the field allows."""
    if "pattern" in rule:
        return _PATTERN_TEXTS[path]
    if rule.get("format") == "date":
        return "an existing date written YYYY-MM-DD", "tanggal yang ada, ditulis TTTT-BB-HH"
    match _type_of(rule):
        case "enum":
            choices = ", ".join(rule["enum"])
            return f"one of: {choices}", f"salah satu dari: {choices}"
        case "string":
            longest = rule["maxLength"]
            return f"text of at most {longest} characters", f"teks paling banyak {longest} huruf"
        case "integer":
            low, high = rule["minimum"], rule["maximum"]
            return f"a whole number from {low} to {high}", f"bilangan bulat dari {low} sampai {high}"
        case "boolean":
            return "true or false", "true (ya) atau false (tidak)"
        case _:
            choices = ", ".join(rule["items"]["enum"])
            return f"a list without repeats of: {choices}", f"daftar tanpa pengulangan dari: {choices}"
