"""What an address and its headers ask of the feed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.exports.odata_asking import ODataRefused, check_version, key_of, metadata_level, options
from hub.exports.odata_model import entity_sets

TABLES = {one.name: one for one in entity_sets(["reports", "cases", "counts", "referrals"])}
REPORTS = TABLES["reports"]


def equal(text: str) -> dict[str, str]:
    return dict(options(REPORTS, [("$filter", text)]).equal)


def test_equal_columns_are_read_with_brackets_and_quotes() -> None:
    both = {"kind": "victim", "id": "a"}
    assert equal("kind eq 'victim'") == {"kind": "victim"}
    for text in (
        "kind eq 'victim' and id eq 'a'",
        "(kind eq 'victim') and (id eq 'a')",
        "(kind eq 'victim' and id eq 'a')",
        " ( kind  eq 'victim' )  and id eq 'a' ",
        "((kind eq 'victim') and ((id eq 'a')))",
    ):
        assert equal(text) == both, text
    assert equal("id eq 'it''s (and) id eq ''x'''") == {"id": "it's (and) id eq 'x'"}
    assert equal("id eq 'x and y'") == {"id": "x and y"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind eq victim",
        "kind eq 'a' or kind eq 'b'",
        "kind eq 'a' and kind eq 'b'",
        "not kind eq 'a'",
        "((kind eq 'a')",
        "kind eq 'a')",
        "(kind eq 'a' and )",
        "kind eq 'a' and",
        "kind eq 'a' id eq 'b'",
        "kind eq 'a' and () and id eq 'b'",
        "() kind eq 'a'",
        "kind eq 'a''",
        "village eq 'a'",
        "contains(kind,'a')",
        "'a' eq kind",
    ],
)
def test_other_filters_are_said_not_to_be_there(text: str) -> None:
    with pytest.raises(ODataRefused) as refused:
        equal(text)
    assert refused.value.status == 501


@given(st.text(alphabet="'()= ,andeqki"))
def test_no_filter_and_no_key_is_an_accident(text: str) -> None:
    reads: tuple[Callable[[], object], ...] = (
        lambda: equal(text),
        lambda: key_of(REPORTS, text),
        lambda: key_of(TABLES["counts"], text),
    )
    for read in reads:
        with contextlib.suppress(ODataRefused):
            read()


def test_a_long_filter_is_refused_soon() -> None:
    for text in (
        "kind eq 'a' and " * 400,
        "'" * 4001,
        "(" * 4000,
        "(" + "'" * 4001 + ")",
        "a and " * 700,
        " and " + "'" * 4001,
    ):
        with pytest.raises(ODataRefused):
            equal(text)


def test_a_key_names_each_column_once() -> None:
    assert key_of(REPORTS, "'a''b,c'") == {"id": "a'b,c"}
    counts = "week=2027-01-04,kind='victim',regency='52.02'"
    assert key_of(TABLES["counts"], counts) == {
        "week": "2027-01-04",
        "kind": "victim",
        "regency": "52.02",
    }
    for text in ("", "'a',", "'a' ,'b'", "x='a'", "id=a", "a'b'", "'a"):
        with pytest.raises(ODataRefused):
            key_of(REPORTS, text)
    for text in (counts.replace("2027-01-04", "'2027-01-04'"), counts + ",kind='x'", "'a',2027-01-04,'b'"):
        with pytest.raises(ODataRefused, match="counts\\(regency='TEXT',week=YYYY-MM-DD,kind='TEXT'\\)"):
            key_of(TABLES["counts"], text)


def test_the_form_is_the_dearest_that_there_is() -> None:
    full = ("application/json", {"odata.metadata": "full"})
    none = ("application/json", {"odata.metadata": "none"})
    assert metadata_level([], None) == "minimal"
    assert metadata_level([("application/atom+xml", {}), ("*/*", {})], None) == "minimal"
    assert metadata_level([full, none], None) == "none"
    assert metadata_level([none], "json") == "minimal"
    with pytest.raises(ODataRefused):
        metadata_level([full], None)
    with pytest.raises(ODataRefused):
        metadata_level([("text/html", {})], None)


def test_programs_older_than_the_feed_are_told() -> None:
    for most in (None, "4.0", "4.01", "5.0", "10.0"):
        check_version(most)
    for most in ("3.0", "2.0", "", "x", "4"):
        with pytest.raises(ODataRefused):
            check_version(most)
