from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from strategies import patient, reports

from sync.areas.table import area_table
from sync.records import INDICATORS, KINDS, Report, check_report
from sync.wire import codings, report_fields_2
from sync.wire.fields_model import SECTIONS, Flat
from sync.wire.intervals import IntervalReader, IntervalWriter
from sync.wire.phones import PhoneCoding
from sync.wire.report_codec import decode_report, encode_report, flat_fields
from sync.wire.report_fields_2 import PRESENCE, FieldsTwo, IndicatorSetOf, MobileCoding

MODEL = FieldsTwo()
ROOT = Path(__file__).resolve().parents[3]
SAMPLE = [
    check_report(json.loads(line)["report"])
    for line in (ROOT / "tests/data/reports-train.jsonl").read_text(encoding="utf-8").splitlines()
]

FROZEN_INDICATORS = (
    "no_contract", "no_licence", "wrong_visa", "fake_documents", "child", "fast_departure", "night_transport",
    "sea_route", "group_transport", "online_recruitment", "marriage_offer", "impersonates_official",
    "secrecy", "upfront_fee", "debt_bondage", "cash_to_family", "documents_held", "deception", "threats",
    "violence", "confinement", "isolation", "contact_lost", "wages_withheld", "excessive_overtime",
    "abusive_conditions", "sexual_exploitation", "scam_compound", "organ_removal", "child_adoption",
)  # fmt: skip


def cost_at_most_a_bit(path: str, flat: Flat) -> bool:
    out = IntervalWriter()
    MODEL.presence(path, flat).put(out, False)
    interval = out.interval()
    return 2 * interval.size >= interval.whole


@patient
@given(reports())
def test_an_absent_field_costs_at_most_one_bit(report: Report) -> None:
    flat = flat_fields(report)
    asked = list(MODEL.paths(flat))
    # Every field that does not stand is asked for, or lies in a section that is asked for as a whole.
    assert set(asked) >= set(PRESENCE)
    assert [path for path in asked if path not in flat and not cost_at_most_a_bit(path, flat)] == []


def test_no_context_makes_an_absent_field_dearer() -> None:
    for channel, path in itertools.product(("sms", "web"), PRESENCE):
        members = [other for other in PRESENCE if other.partition(".")[0] == path.partition(".")[0]]
        for stands in itertools.product((False, True), repeat=len(members)):
            flat: Flat = {"channel": channel}
            flat |= {member: 1 for member, here in zip(members, stands, strict=True) if here}
            assert cost_at_most_a_bit(path, flat)


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_section_is_not_an_absent_one(section: str) -> None:
    empty = check_report({"kind": "other", "narrative": "", section: {}})
    absent = check_report({"kind": "other", "narrative": ""})
    assert decode_report(encode_report(empty)) == empty != absent
    assert decode_report(encode_report(absent)) == absent


def test_indicators_keep_their_order_for_ever() -> None:
    """The order is on the wire. Append to the contract and to a new fields model; never reorder."""
    contract = [indicator.code for indicator in INDICATORS]
    assert tuple(contract[: len(FROZEN_INDICATORS)]) == FROZEN_INDICATORS
    assert tuple(report_fields_2.INDICATORS) == FROZEN_INDICATORS
    assert tuple(codings.IndicatorSet._ticks) == FROZEN_INDICATORS
    # Who appends one finds here that fields model 2 cannot carry it.
    assert contract == list(report_fields_2.INDICATORS)


@pytest.mark.parametrize("kind", KINDS)
def test_indicators_of_every_kind_come_back(kind: str) -> None:
    coding = IndicatorSetOf(kind)
    for chosen in ([], list(FROZEN_INDICATORS), list(FROZEN_INDICATORS[::7])):
        out = IntervalWriter()
        coding.put(out, chosen)
        assert coding.take(IntervalReader(out.getvalue())) == chosen
    with pytest.raises(ValueError, match="does not know"):
        coding.put(IntervalWriter(), ["a_new_one"])


def test_fields_of_unseen_reports_cost_less_than_in_model_1() -> None:
    """The weights were counted in parts a and b of the priming text; this is the other part."""
    one, two = (
        sum(len(encode_report(report, text_model=0, fields_model=number)) for report in SAMPLE)
        for number in (1, 2)
    )
    assert len(SAMPLE) == 200
    assert one - two >= 50


@pytest.mark.parametrize(
    ("number", "digest"),
    [
        (1, "23156f0938b9b78d4c9ebf825ce43cf788773b63f2a21d621c4e9f55b1497941"),
        (2, "ff881599b72f3b97555ff953d7d693dbdd59c452de9231b5c46c5281e453b741"),
    ],
)
def test_a_fields_model_writes_the_whole_sample_as_it_did(number: int, digest: str) -> None:
    """Holds more weights than the vectors do. If this fails, the change needs a new model number."""
    written = hashlib.sha256()
    for report in SAMPLE:
        written.update(encode_report(report, text_model=0, fields_model=number))
    table = area_table(1)
    for level in (1, 2):
        for index in range(table.count(level)):
            place = table.code_of(level, index)
            report = check_report({"kind": KINDS[index % 6], "narrative": "", "place": place})
            written.update(encode_report(report, text_model=0, fields_model=number))
    assert written.hexdigest() == digest


@pytest.mark.parametrize("phone", ["0812 0000 4545", "0857-0000-3018", "087700004828", "+62 831 0000 4471"])
def test_mobile_numbers_cost_less_than_in_model_1(phone: str) -> None:
    one, two = IntervalWriter(), IntervalWriter()
    PhoneCoding().put(one, phone)
    MobileCoding().put(two, phone)
    assert MobileCoding().take(IntervalReader(two.getvalue())) == phone
    assert two.interval().whole * one.interval().size < one.interval().whole * two.interval().size
