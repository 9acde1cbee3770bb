from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import PREFIX, from_code, is_code, to_lines, to_qr
from sync.sealing.radio_plan import RadioPlan
from tests.sync.sealing.test_enrolment import PLAN, enrolments

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "enrolments.json").read_text("utf-8"))
ONE = Enrolment(1, "52.02.08.2001", "Pringgarata", "Mataram", bytes(32), b"p" * 32, b"s" * 32)


@given(enrolments)
def test_both_forms_give_the_same_enrolment(enrolment: Enrolment) -> None:
    told = replace(enrolment, material=None)
    assert from_code(to_qr(enrolment)) == told
    assert from_code("\n".join(to_lines(enrolment))) == told


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_what_was_shipped_is_read_and_written_as_it_was(vector: dict[str, Any]) -> None:
    enrolment = Enrolment.from_text(vector["file"])
    assert enrolment.to_text() == vector["file"]
    if "code" in vector:
        assert from_code(vector["code"]) == enrolment == from_code("\n".join(vector["lines"]))
        assert (to_qr(enrolment), to_lines(enrolment)) == (vector["code"], vector["lines"])


def test_the_code_with_radio_settings_stays_one_that_a_phone_reads() -> None:
    full = replace(ONE, release_public=b"r" * 32, hub_url="https://hub.example.go.id", radio=PLAN)
    assert int(segno.make(to_qr(full), error="m", micro=False).version) <= 12
    longest = replace(full, village_name="x" * 60, hub_name="y" * 60, hub_url="https://" + "z" * 99)
    assert int(segno.make(to_qr(longest), error="m", micro=False).version) <= 17


def test_the_usual_channel_and_flags_have_one_form() -> None:
    named = replace(ONE, radio=RadioPlan("SG_923", "LongFast", 20, 0, "SERIAL", b"k" * 16, 3))
    assert from_code(to_qr(named)) == named


def test_what_is_easily_misread_is_put_right() -> None:
    typed = "\n".join(to_lines(ONE)).lower().replace("0", "o").replace("1", "l")
    assert is_code("\n 01 ")
    assert from_code("0" + typed[1:].replace(" ", "-")) == ONE


@given(st.data())
def test_a_mistyped_line_is_named(data: st.DataObject) -> None:
    lines = to_lines(ONE)
    row = data.draw(st.integers(0, len(lines) - 1))
    places = [at for at, letter in enumerate(lines[row]) if letter != " " and at > 2]
    at = data.draw(st.sampled_from(places))
    other = "X" if lines[row][at] != "X" else "Y"
    lines[row] = lines[row][:at] + other + lines[row][at + 1 :]
    # Ten bits of check: one mistake in a thousand passes them, and the checksum of all finds it.
    with pytest.raises(EnrolmentRefused, match=f"line {row + 1} |checksum"):
        from_code("\n".join(lines))


def test_lines_in_another_order_or_too_few_are_refused() -> None:
    first, second, *others = to_lines(ONE)
    for lines in ([second, first, *others], [first, second]):
        with pytest.raises(EnrolmentRefused):
            from_code("\n".join(lines))


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ!", max_size=300))
def test_any_other_code_is_refused(text: str) -> None:
    with pytest.raises(EnrolmentRefused, match="kentongan hub enrol"):
        from_code(PREFIX + text)


def test_a_code_is_told_from_a_file() -> None:
    assert is_code(to_qr(ONE))
    assert is_code(to_lines(ONE)[0])
    assert not is_code(ONE.to_text())
