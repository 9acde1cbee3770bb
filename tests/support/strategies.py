"""Hypothesis strategies that several folders of tests share."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sync.areas.table import area_table
from sync.records import (
    CHANNELS,
    INDICATORS,
    JOBS,
    KINDS,
    NUMBER_LIMITS,
    RELATIONS,
    TEXT_LIMITS,
    URGENCIES,
    Report,
    check_report,
)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For tests that draw whole reports: a busy machine must not make them red."""

_WORDS = (
    "Bu Sri", "Pak Haji", "PT Maju Jaya", "kerja di", "Malaysia", "0812 0000 3456", "+62 812-0000-777",
    "081200001234", "(Batam)", "gaji 5jt", "tolong", "🙏", "👩🏽‍👧", "\x00", "ꦱꦸꦫꦧꦪ", "مساعدة", "救命啊",
    "\u0301", "\u200f", "pak", "+", "@", "-", "J.", "é",
)  # fmt: skip

any_character = st.characters(exclude_categories=["Cs"])


def texts(longest: int) -> st.SearchStrategy[str]:
    """Legal texts of at most `longest` code points: any Unicode, and the kind that people write."""
    plain = st.lists(st.sampled_from(_WORDS), max_size=6).map(lambda words: " ".join(words)[:longest])
    return st.one_of(st.text(any_character, max_size=longest), plain)


def narratives() -> st.SearchStrategy[str]:
    """Legal narratives, now and then of the full 4000 code points."""
    longest = TEXT_LIMITS["narrative"]
    full = st.text(any_character, min_size=1, max_size=40).map(lambda t: (t * longest)[:longest])
    return st.one_of(texts(200), texts(200), full)


def phones() -> st.SearchStrategy[str]:
    """Phone numbers in the shapes people write, and whatever else stands in such a field."""
    shaped = st.from_regex(r"(08|\+62 ?8|0|\+|)([0-9]{1,4}[ -]?){1,4}", fullmatch=True)
    return st.one_of(shaped.map(lambda text: text[: TEXT_LIMITS["recruiter.phone"]]), texts(24))


def dates() -> st.SearchStrategy[str]:
    """Every date that exists, more often of our years."""
    near = st.dates(datetime.date(2024, 1, 1), datetime.date(2036, 12, 31))
    return st.one_of(near, st.dates()).map(lambda day: day.isoformat())


def places() -> st.SearchStrategy[str]:
    """Area codes of one to four levels, real or not."""
    table = area_table()
    level = st.integers(1, 4)
    real = level.flatmap(lambda n: st.integers(0, table.count(n) - 1).map(lambda i: table.code_of(n, i)))
    any_digits = st.from_regex(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", fullmatch=True).map(str)
    return st.one_of(real, any_digits)


def money() -> st.SearchStrategy[int]:
    """Rupiah, mostly round."""
    low, high = NUMBER_LIMITS["offer.wage_idr"]
    rounded = st.builds(lambda m, e: min(high, m * 10**e), st.integers(0, 999), st.integers(0, 9))
    return st.one_of(rounded, st.integers(low, high))


def _number(path: str) -> st.SearchStrategy[int]:
    low, high = NUMBER_LIMITS[path]
    return st.one_of(st.integers(low, min(high, low + 12)), st.integers(low, high))


def _member(path: str, narrative: str) -> st.SearchStrategy[Any]:
    """Values of a text field: any, and pieces of the narrative."""
    longest = TEXT_LIMITS[path]
    own = phones() if path in ("recruiter.phone", "reporter.contact") else texts(longest)
    ends = st.tuples(st.integers(0, len(narrative)), st.integers(0, len(narrative)))
    piece = ends.map(lambda e: narrative[min(e) : max(e)][:longest])
    return st.one_of(own, piece)


def _section(narrative: str, section: str, **others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    members = {
        path.partition(".")[2]: _member(path, narrative)
        for path in TEXT_LIMITS
        if path.startswith(section + ".")
    }
    return st.fixed_dictionaries({}, optional=members | others)


@st.composite
def report_objects(draw: st.DrawFn) -> dict[str, Any]:
    """Legal reports as parsed JSON, every field of the contract, every character."""
    narrative = draw(narratives())
    codes = st.lists(st.sampled_from([indicator.code for indicator in INDICATORS]), unique=True)
    country = st.one_of(st.sampled_from(["MY", "SA", "ID"]), st.from_regex("[A-Z]{2}", fullmatch=True))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "language": st.one_of(st.sampled_from(["id", "jv", "zh-Hant-TW", ""]), texts(35)),
        "channel": st.sampled_from(CHANNELS),
        "urgency": st.sampled_from(URGENCIES),
        "observed_on": dates(),
        "place": places(),
        "place_text": _member("place_text", narrative),
        "position": st.fixed_dictionaries(
            {"lat_e5": _number("position.lat_e5"), "lon_e5": _number("position.lon_e5")}
        ),
        "indicators": codes,
        "recruiter": _section(narrative, "recruiter", licence_shown=st.booleans()),
        "offer": _section(
            narrative, "offer", destination=country, job=st.sampled_from(JOBS), wage_idr=money(),
            fee_idr=money(), departure_on=dates(),
        ),
        "people": st.fixed_dictionaries(
            {}, optional={name: _number(f"people.{name}") for name in ("women", "men", "children")}
        ),
        "reporter": _section(
            narrative, "reporter", relation=st.sampled_from(RELATIONS), refer=st.booleans()
        ),
        "official_involved": st.booleans(),
    }  # fmt: skip
    fields = st.fixed_dictionaries({"kind": st.sampled_from(KINDS)}, optional=optional)
    return draw(fields) | {"narrative": narrative}


def reports() -> st.SearchStrategy[Report]:
    """Every legal report."""
    return report_objects().map(check_report)
