"""Errors of modems as words."""

from __future__ import annotations

import pytest

from firmware_bridge.at_errors import Trouble, read_error


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("+CMS ERROR: 310", Trouble.NO_SIM),
        ("+CME ERROR: 10", Trouble.NO_SIM),
        ("+CMS ERROR: 311", Trouble.PIN_WANTED),
        ("+CMS ERROR: 331", Trouble.NO_NETWORK),
        ("+CMS ERROR: 322", Trouble.STORE_FULL),
        ("+CMS ERROR: 302", Trouble.BUSY),
        ("+CMS ERROR: 50", Trouble.NOT_ALLOWED),
        ("+CMS ERROR:330", Trouble.NO_CENTRE),
        ("+CMS ERROR: 9999", Trouble.OTHER),
        ("ERROR", Trouble.NOT_UNDERSTOOD),
    ],
)
def test_an_error_says_what_to_do(line: str, trouble: Trouble) -> None:
    error = read_error(line)
    assert error is not None
    assert error.trouble is trouble
    assert str(error).startswith(trouble.value)


def test_words_of_a_modem_are_not_repeated() -> None:
    error = read_error("+CMS ERROR: cannot send to +6281200001234")
    assert error is not None
    assert "0000" not in str(error)


@pytest.mark.parametrize("line", ["OK", "+CMGS: 1", "+CMTI: ERROR", ""])
def test_other_lines_are_no_errors(line: str) -> None:
    assert read_error(line) is None
