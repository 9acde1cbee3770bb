"""What the lines of answers say."""

from __future__ import annotations

import pytest

from firmware_bridge.at_dialogue import Answer
from firmware_bridge.at_errors import AtError, Trouble
from firmware_bridge.modem_answers import (
    knows_centre,
    model_name,
    network_state,
    one_message,
    received_messages,
    signal_dbm,
    store_places,
    trouble_of_card,
)


@pytest.mark.parametrize(("line", "dbm"), [("+CSQ: 31,99", -51), ("+CSQ: 0,99", -113), ("+CSQ: 99,99", None)])
def test_signal(line: str, dbm: int | None) -> None:
    assert signal_dbm(Answer((line,))) == dbm


@pytest.mark.parametrize(
    ("line", "places"),
    [('+CPMS: "SM",3,20,"SM",3,20', (3, 20)), ("+CPMS: 3,20,3,20,3,20", (3, 20)), ("+CPMS: ?", None)],
)
def test_places_of_the_store_in_both_forms(line: str, places: tuple[int, int] | None) -> None:
    assert store_places(Answer((line,))) == places


def test_stored_messages_of_our_own_are_left_out_and_empty_ones_shift_nothing() -> None:
    lines = ("+CMGL: 1,2,,20", "AA", "+CMGL: 2,1,,0", "+CMGL: 3,0,,20", "BB", "+CMGL: 4,1,,3", "B")
    assert received_messages(Answer(lines)) == {3: b"\xbb"}


def test_a_listing_in_text_mode_is_none() -> None:
    assert received_messages(Answer(('+CMGL: 1,"REC READ","+628",,"26/01/01"', "Halo"))) is None


def test_card_network_centre_model() -> None:
    assert trouble_of_card(Answer(("+CPIN: SIM PIN",))) is Trouble.PIN_WANTED
    assert trouble_of_card(Answer(("+CPIN: SIM PUK",))) is Trouble.PUK_WANTED
    assert trouble_of_card(Answer(error=AtError(Trouble.SIM_BUSY))) is Trouble.SIM_BUSY
    assert trouble_of_card(Answer(error=AtError(Trouble.NOT_UNDERSTOOD))) is Trouble.NO_SIM
    assert (network_state(Answer(("+CREG: 0,5",))), network_state(Answer())) == ("5", "4")
    assert knows_centre(Answer(('+CSCA: "+62810000001",145',)))
    assert not knows_centre(Answer(('+CSCA: "",129',)))
    assert model_name(Answer(("+CGMM: E173",))) == "E173"
    assert model_name(Answer(("000000000000000",))) == ""
    assert one_message(Answer(("+CMGR: 0,,3", "AABB"))) == b"\xaa\xbb"
    assert one_message(Answer()) is None
