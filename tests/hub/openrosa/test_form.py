"""The form is the contract: its fields, choices and limits, in both languages."""

from __future__ import annotations

import re

import pytest

from hub.openrosa import form
from hub.openrosa.form import CHANNELS_HERE, FILES, sheets, version
from hub.web import report_words
from sync.records import FIELDS, INDICATORS, NUMBER_LIMITS, SECTIONS, TEXT_LIMITS, rule_of

ID, EN = "Bahasa Indonesia (id)", "English (en)"


def rows(name: str) -> list[dict[str, str]]:
    header, cells = sheets()[name]
    return [dict(zip(header, row, strict=True)) for row in cells]


def questions() -> dict[str, dict[str, str]]:
    """Return the questions by path."""
    found, group = {}, ""
    for row in rows("survey"):
        if row["type"] == "begin group":
            group = f"{row['name']}."
        elif row["type"] == "end group":
            group = ""
        else:
            found[group + row["name"]] = row
    return found


def choices(name: str) -> list[str]:
    return [row["name"] for row in rows("choices") if row["list_name"] == name]


def test_every_field_of_the_contract_is_asked_and_nothing_of_the_phone() -> None:
    said = {path for path in FIELDS if path not in SECTIONS and not path.startswith("position.")}
    said = (said - {"indicators"}) | {"position", "indicators.act", "indicators.means", "indicators.purpose"}
    own = {"village", "answers", "ended_at", "offer.destination_other", *FILES}
    assert set(questions()) == said | own
    types = {row["type"] for row in rows("survey")}
    assert not types & {"deviceid", "phonenumber", "username", "email", "audit", "start-geopoint"}


def test_choices_are_those_of_the_contract_in_its_order() -> None:
    for path in ("kind", "urgency", "offer.job", "reporter.relation"):
        assert choices(path.replace(".", "_")) == rule_of(path)["enum"]
    assert choices("channel") == [one for one in rule_of("channel")["enum"] if one in CHANNELS_HERE]
    for group in ("act", "means", "purpose"):
        assert choices(f"indicators_{group}") == [one.code for one in INDICATORS if one.group == group]
    assert choices("offer_destination") == [*report_words.COUNTRY_WORDS, "other"]


def test_limits_are_those_of_the_contract() -> None:
    asked = questions()
    for path, most in TEXT_LIMITS.items():
        if path != "language":  # picked from a list
            assert asked[path]["constraint"] == f"string-length(.) <= {most}"
    for path, (low, high) in NUMBER_LIMITS.items():
        if not path.startswith("position."):
            assert asked[path]["constraint"] == f". >= {low} and . <= {high}"
    assert rule_of("place")["pattern"] in asked["place"]["constraint"]
    assert [path for path, row in asked.items() if row.get("required")] == [
        "village", "channel", "kind", "narrative", "offer.destination_other",
    ]  # fmt: skip
    assert asked["offer.destination_other"]["relevant"] == "${destination} = 'other'"


def test_every_text_is_in_both_languages_indonesian_first() -> None:
    header, _ = sheets()["survey"]
    labels = [name for name in header if name.startswith("label::")]
    assert labels == [f"label::{ID}", f"label::{EN}"]
    for row in (*rows("survey"), *rows("choices")):
        for name in ("label", "hint", "constraint_message", "required_message"):
            assert bool(row.get(f"{name}::{ID}")) == bool(row.get(f"{name}::{EN}")), row
    same = [row[f"label::{ID}"] for row in rows("survey") if row[f"label::{ID}"] == row[f"label::{EN}"]]
    assert [one for one in same if one] == [], "not translated"
    [settings] = rows("settings")
    assert settings["default_language"] == ID


def test_the_version_changes_with_a_word_and_with_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version()
    assert re.fullmatch("[0-9a-f]{12}", before)
    monkeypatch.setattr(form, "_LABELS", {**form._LABELS, "photo": "Gambar"})
    sheets.cache_clear()
    words = version()
    monkeypatch.undo()
    monkeypatch.setitem(rule_of("narrative"), "maxLength", 3999)
    sheets.cache_clear()
    limit = version()
    monkeypatch.undo()
    sheets.cache_clear()
    assert len({before, words, limit, version()}) == 3
    assert version() == before
