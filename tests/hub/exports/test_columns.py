"""Columns of exports: hashtags that HXL knows, and nothing of people unless chosen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.exports.columns import CASE_COLUMNS, REPORT_COLUMNS, Column, chosen, head
from hub.exports.public_numbers import HEADERS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "exports.md").read_text("utf-8")
CORE = [
    "access",
    "activity",
    "adm1",
    "adm2",
    "adm3",
    "adm4",
    "adm5",
    "affected",
    "beneficiary",
    "capacity",
    "cause",
    "channel",
    "contact",
    "country",
    "crisis",
    "currency",
    "date",
    "delivery",
    "description",
    "event",
    "frequency",
    "geo",
    "group",
    "impact",
    "indicator",
    "inneed",
    "item",
    "loc",
    "meta",
    "modality",
    "need",
    "operations",
    "org",
    "output",
    "population",
    "reached",
    "region",
    "respondee",
    "sector",
    "service",
    "severity",
    "status",
    "subsector",
    "targeted",
    "value",
]
"""The hashtags of the HXL standard 1.1 (hxlstandard.org, core hashtags)."""


@pytest.mark.parametrize("columns", [REPORT_COLUMNS, CASE_COLUMNS])
def test_each_hashtag_is_one_of_the_standard_and_stands_once(columns: tuple[Column, ...]) -> None:
    tags = [column.hashtag for column in columns]
    assert len(set(tags)) == len(tags)
    for tag in tags:
        match = re.fullmatch(r"#([a-z0-9]+)((?:\+[a-z][a-z0-9_]*)*)", tag)
        assert match is not None, tag
        assert match[1] in CORE, tag


def test_the_page_lists_each_hashtag() -> None:
    told = [(one.header, one.hashtag) for one in (*REPORT_COLUMNS, *CASE_COLUMNS)] + list(HEADERS)
    assert [tag for header, tag in told if f"| {header} | `{tag}`" not in PAGE] == []


def test_names_phones_and_texts_are_personal() -> None:
    left = {column.hashtag for column in chosen(REPORT_COLUMNS, personal=False)}
    assert not any(re.match(r"#(contact|description|geo|item|org)", tag) for tag in left), left
    left = {column.hashtag for column in chosen(CASE_COLUMNS, personal=False)}
    assert not any(re.match(r"#(contact|description|loc)", tag) for tag in left), left
    assert head(chosen(REPORT_COLUMNS, personal=False))[1][0] == "#meta+id"
