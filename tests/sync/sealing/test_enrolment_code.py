from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import PREFIX, from_code, is_code, to_lines, to_qr

keys = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 2**32 - 1)
enrolments = st.builds(
    Enrolment, numbers, texts, texts, texts, keys, keys, keys, st.none() | keys, st.none() | texts, numbers
)
ONE = Enrolment(1, "52.02.08.2001", "Pringgarata", "Mataram", bytes(32), b"p" * 32, b"s" * 32)


@given(enrolments)
def test_both_forms_give_the_same_enrolment(enrolment: Enrolment) -> None:
    assert from_code(to_qr(enrolment)) == enrolment
    assert from_code("\n".join(to_lines(enrolment))) == enrolment


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
