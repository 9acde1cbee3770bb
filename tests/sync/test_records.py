from __future__ import annotations

import copy
import datetime
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend
from strategies import patient, report_objects, texts

from sync.errors import ReportRefused
from sync.records import (
    CHANNELS,
    FIELDS,
    INDICATORS,
    JOBS,
    KINDS,
    NUMBER_LIMITS,
    SECTIONS,
    TEXT_LIMITS,
    URGENCIES,
    People,
    Recruiter,
    Report,
    check_report,
    is_urgent_on,
)

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads(resources.files("sync.contracts").joinpath("report.schema.json").read_text())
MINIMAL: dict[str, Any] = {"kind": "other", "narrative": "tolong"}


def _judge() -> Any:
    """The public validator, brought to the contract's own words: a pattern matches the whole string (in
    Python `$` lets a line end pass), and a number written 5.0 is not a whole number."""
    text = json.dumps(SCHEMA).replace('$"', '\\\\Z"').replace('"\\\\Zschema"', '"$schema"')
    whole = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _checker, value: isinstance(value, int) and not isinstance(value, bool)
    )
    judge: Any = extend  # its stubs leave it untyped
    validator = judge(Draft202012Validator, type_checker=whole)
    return validator(json.loads(text), format_checker=FormatChecker(["date"]))


JUDGE = _judge()


def problems_of(data: object) -> dict[str, str]:
    with pytest.raises(ReportRefused) as refused:
        check_report(data)
    return {problem.field: problem.allowed_en for problem in refused.value.problems}


def as_sets(report: Any) -> Any:
    if "indicators" in report:
        return report | {"indicators": sorted(report["indicators"])}
    return report


junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**10), 10**10), st.floats(allow_nan=False), texts(130),
        st.sampled_from(["MY\n", "my", "53.18\n", "2025-02-29", "2024-02-29", "2024-2-9", "0000-01-01",
                         "20240209", "٢٠٢٤-01-01", "now", "child", 500, 501, -1, 1_000_000_001, "x" * 4001]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "women", "kind", "lat_e5"]), inner, max_size=3),
    ),
    max_leaves=4,
)  # fmt: skip


@st.composite
def nearly_reports(draw: st.DrawFn) -> Any:
    report = copy.deepcopy(draw(report_objects()))
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from([*FIELDS, "surprise", "people.surprise", "recruiter.Budi 0812"]))
        section, _, name = path.rpartition(".")
        inside = report.setdefault(section, {}) if section else report
        if not isinstance(inside, dict):
            continue
        if draw(st.booleans()):
            inside[name] = draw(junk)
        else:
            inside.pop(name, None)
    return report


@patient
@given(nearly_reports())
def test_check_accepts_what_the_public_validator_accepts(data: Any) -> None:
    accepted = JUDGE.is_valid(data)
    try:
        check_report(data)
    except ReportRefused:
        assert not accepted
    else:
        assert accepted


@patient
@given(junk)
@example([])
@example(None)
@example("kind")
def test_check_refuses_what_is_no_report(data: object) -> None:
    with pytest.raises(ReportRefused) as refused:
        check_report(data)
    assert refused.value.problems


@patient
@given(report_objects())
def test_a_report_comes_back_as_submitted(data: dict[str, Any]) -> None:
    again = check_report(data).to_json()
    assert as_sets(again) == as_sets(data)
    # What compares equal need not be the same: True == 1.
    assert json.dumps(as_sets(again), sort_keys=True) == json.dumps(as_sets(data), sort_keys=True)


def test_empty_values_survive() -> None:
    data = MINIMAL | {
        "narrative": "", "indicators": [], "recruiter": {}, "offer": {"route": ""}, "people": {},
        "reporter": {},
    }  # fmt: skip
    report = check_report(data)
    assert report.recruiter == Recruiter()
    assert report.to_json() == data


def test_strings_are_neither_normalised_nor_trimmed() -> None:
    narrative = " e\u0301 \u00e9\r\n\x00 "
    assert check_report(MINIMAL | {"narrative": narrative}).narrative == narrative


def test_indicators_are_printed_in_bit_order() -> None:
    report = check_report(MINIMAL | {"indicators": ["child_adoption", "child", "no_contract"]})
    assert report.to_json()["indicators"] == ["no_contract", "child", "child_adoption"]
    assert [indicator.code for indicator in INDICATORS] == SCHEMA["properties"]["indicators"]["items"]["enum"]


@pytest.mark.parametrize("codes", [["child", "child"], ["childs"], [["child"]], ("child",), {"child": 1}])
def test_indicators_are_a_list_of_known_codes_without_repeats(codes: object) -> None:
    assert set(problems_of(MINIMAL | {"indicators": codes})) == {"indicators"}


def test_every_problem_is_named_at_once_in_both_languages() -> None:
    data = {
        "kind": "x", "people": {"women": True, "men": 501}, "offer": {"destination": "my"},
        "observed_on": "2025-02-29", "place": "5", "position": {"lat_e5": 1}, "recruiter": 7, "surprise": 1,
    }  # fmt: skip
    with pytest.raises(ReportRefused) as refused:
        check_report(data)
    assert {problem.field for problem in refused.value.problems} == {
        "kind", "narrative", "people.women", "people.men", "offer.destination", "observed_on", "place",
        "position.lon_e5", "recruiter", "surprise",
    }  # fmt: skip
    assert all(problem.allowed_en and problem.allowed_id for problem in refused.value.problems)
    assert problems_of(data)["people.men"] == "a whole number from 0 to 500"


def test_problems_never_repeat_what_was_given() -> None:
    secret = "Budi-0812-0000-9999"
    data = {
        "kind": secret, "narrative": [secret], "language": secret * 9, "observed_on": secret, "place": secret,
        "indicators": [secret], "recruiter": {secret: secret, "name": secret * 9}, secret: secret,
        "people": {"women": secret}, "reporter": secret, "official_involved": secret,
    }  # fmt: skip
    with pytest.raises(ReportRefused) as refused:
        check_report(data)
    assert "Budi" not in f"{refused.value} {refused.value.problems}"
    assert "recruiter.?" in {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00"])
def test_lone_surrogates_are_refused(text: str) -> None:
    assert set(problems_of({"kind": "other", "narrative": text})) == {"narrative"}
    assert set(problems_of(MINIMAL | {"recruiter": {"name": text}})) == {"recruiter.name"}


def test_a_number_must_be_written_as_whole() -> None:
    assert set(problems_of(MINIMAL | {"people": {"women": 5.0}})) == {"people.women"}
    assert check_report(MINIMAL | {"people": {"women": 5}}).people == People(women=5)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("place", "53.18\n"),
        ("place", "53."),
        ("place", "٥٣"),
        ("offer.destination", "MY\n"),
        ("observed_on", "2025-02-28\n"),
    ],
)
def test_patterns_and_dates_match_the_whole_text(path: str, value: str) -> None:
    section, _, name = path.rpartition(".")
    assert set(problems_of(MINIMAL | ({section: {name: value}} if section else {name: value}))) == {path}


def test_the_check_knows_every_keyword_of_the_contract() -> None:
    # A keyword that the check does not interpret would be ignored in silence.
    said = {"description", "examples", "title", "$schema", "$id"}
    known = {
        "type", "enum", "maxLength", "format", "pattern", "required", "additionalProperties", "properties",
        "minimum", "maximum", "items", "uniqueItems",
    }  # fmt: skip

    def walk(rule: dict[str, Any]) -> None:
        assert set(rule) <= said | known
        assert rule.get("format", "date") == "date"
        if rule.get("type") == "object":
            assert rule["additionalProperties"] is False
            for member in rule["properties"].values():
                walk(member)
        if rule.get("type") == "array":
            assert rule["uniqueItems"] is True
            assert set(rule["items"]) == {"enum"}

    walk(SCHEMA)


def test_constants_are_the_contract() -> None:
    properties = SCHEMA["properties"]
    assert list(KINDS) == properties["kind"]["enum"]
    assert list(CHANNELS) == properties["channel"]["enum"]
    assert list(URGENCIES) == properties["urgency"]["enum"]
    assert list(JOBS) == properties["offer"]["properties"]["job"]["enum"]
    assert TEXT_LIMITS["narrative"] == 4000
    assert TEXT_LIMITS["reporter.contact_safely"] == 120
    assert NUMBER_LIMITS["people.women"] == (0, 500)
    assert SECTIONS == ("position", "recruiter", "offer", "people", "reporter")
    assert set(Report.__dataclass_fields__) == set(properties)


@pytest.mark.parametrize(
    ("urgency", "urgent"), [("now", True), ("soon", False), ("info", False), (None, False)]
)
def test_urgent_is_what_the_reporter_calls_now(urgency: str | None, urgent: bool) -> None:
    report = Report(kind="other", narrative="", urgency=urgency)
    assert report.is_urgent is urgent
    assert is_urgent_on(report, datetime.date(2026, 3, 1)) is urgent


@pytest.mark.parametrize(
    ("departure", "urgent"),
    [("2026-02-28", False), ("2026-03-01", True), ("2026-03-03", True), ("2026-03-04", False)],
)
def test_a_departure_within_48_hours_is_urgent(departure: str, urgent: bool) -> None:
    report = check_report(MINIMAL | {"urgency": "soon", "offer": {"departure_on": departure}})
    assert is_urgent_on(report, datetime.date(2026, 3, 1)) is urgent
    assert not report.is_urgent


def test_samples_are_legal_and_cover_the_contract() -> None:
    lines = (ROOT / "content/samples/reports.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines]
    for sample in samples:
        assert set(sample) == {"id", "report"}
        check_report(sample["report"])
    assert any(len(sample["report"]) == 2 for sample in samples)
    assert any(len(sample["report"]["narrative"]) == 4000 for sample in samples)
    assert any(set(sample["report"]) == set(SCHEMA["properties"]) for sample in samples)
