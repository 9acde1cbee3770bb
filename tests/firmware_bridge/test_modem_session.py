"""The session against the emulated modem, on a time that moves when told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modem_pair import OTHER, UNIX_S, VILLAGER, ModemPair

from firmware_bridge.at_errors import Trouble
from firmware_bridge.emulated_modem import VENDORS, EmulatedModemSettings
from firmware_bridge.emulated_sms_network import encode_delivers
from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.sms_credit import Credit
from firmware_bridge.sms_inbox import ReceivedSms
from firmware_bridge.sms_outbox import NotSent, SendingSettings, Sent

LONG = "Anak saya dibawa ke pelabuhan tadi malam. " * 9


def ready(emulated: EmulatedModemSettings | None = None, *, chunk: int = 4096) -> ModemPair:
    pair = ModemPair(emulated, chunk=chunk)
    pair.run(6)
    assert pair.health.is_ready, pair.health
    return pair


def texts(pair: ModemPair) -> list[str]:
    return [event.text for event in pair.take() if isinstance(event, ReceivedSms)]


def let_go(pair: ModemPair) -> None:
    for event in pair.take():
        pair.inbox.forget(event.message_id)
    pair.session.look_again()


@pytest.mark.parametrize("vendor", list(VENDORS))
@pytest.mark.parametrize("chunk", [1, 4096])
def test_every_maker_s_modem_receives_answers_and_deletes(vendor: str, chunk: int) -> None:
    pair = ready(EmulatedModemSettings(vendor=vendor, answer_s=0.05), chunk=chunk)
    pair.deliver(LONG)
    pair.run(1)
    events = pair.take()
    assert [event.text for event in events if isinstance(event, ReceivedSms)] == [LONG.strip()]
    assert len(pair.modem.sim.store.slots) == 3
    verdicts = pair.send("Terima kasih. Kode: DUA-SATU €")
    pair.run(5)
    assert verdicts == [Sent(1)]
    assert [(sent.to, sent.text) for sent in pair.modem.sent] == [
        (VILLAGER, "Terima kasih. Kode: DUA-SATU €")
    ]
    pair.inbox.forget(events[0].message_id)
    pair.session.look_again()
    pair.run(3)
    assert pair.modem.sim.store.slots == {}
    assert pair.health.problems() == []


def test_a_message_that_the_modem_puts_into_its_own_store_is_told_and_deleted() -> None:
    """Some do so when the card is full, or with messages that are to be shown at once."""
    pair = ready()
    pair.deliver("ada calo di sini")
    pair.run(1)
    assert texts(pair) == ["ada calo di sini"]
    (pdu,) = encode_delivers(VILLAGER, "tolong, saya dibawa", 1, UNIX_S)
    slot = pair.modem.store_named("ME").add(pdu)
    pair.modem.say_unasked(f'+CMTI: "ME",{slot}')
    pair.run(5)
    events = pair.take()
    assert [event.text for event in events if isinstance(event, ReceivedSms)] == ["tolong, saya dibawa"]
    pair.inbox.forget(events[0].message_id)
    pair.session.look_again()
    pair.run(5)
    assert pair.modem.store_named("ME").slots == {}
    assert len(pair.modem.store_named("SM").slots) == 1  # the other one waits for its owner
    pair.deliver("lagi")
    pair.run(2)
    assert texts(pair) == ["lagi"]  # the card's store is the one that is looked at again


def test_nothing_is_deleted_before_its_owner_says_so() -> None:
    pair = ready()
    pair.deliver("Halo")
    pair.run(300)
    assert b"AT+CMGD" not in pair.written
    assert len(pair.modem.sim.store.slots) == 1
    assert texts(pair) == ["Halo"]


def test_what_lay_on_the_card_before_is_told_too() -> None:
    pair = ModemPair()
    for pdu in encode_delivers(VILLAGER, LONG, 3, UNIX_S):
        pair.modem.sim.store.add(pdu)
    pair.run(6)
    assert texts(pair) == [LONG.strip()]


def test_a_full_card_is_said_and_what_the_network_holds_comes_when_there_is_room() -> None:
    pair = ready(EmulatedModemSettings(store_size=3, vendor="huawei"))
    for number in range(5):
        pair.deliver(f"pesan {number}")
    pair.run(31)
    assert pair.health.problems() == [Trouble.STORE_FULL.value]
    let_go(pair)
    pair.run(5)
    assert texts(pair) == ["pesan 3", "pesan 4"]
    pair.run(31)
    assert pair.health.problems() == []


def test_a_long_message_larger_than_the_card_does_not_block_it() -> None:
    pair = ready(EmulatedModemSettings(store_size=2))
    pair.deliver(LONG)
    pair.run(120)
    (event,) = pair.take()
    assert isinstance(event, ReceivedSms)
    assert event.missing_parts == 1
    pair.inbox.forget(event.message_id)
    pair.session.look_again()
    pair.run(5)
    assert len(pair.modem.sim.store.slots) == 1


def test_without_a_card_it_says_so_and_goes_on_when_one_is_there() -> None:
    pair = ModemPair()
    pair.modem.sim.is_in = False
    pair.run(20)
    assert pair.health.problems() == [Trouble.NO_SIM.value]
    pair.modem.sim.is_in = True
    pair.run(20)
    assert pair.health.problems() == []


def test_a_card_pulled_while_it_runs_is_noticed_and_taken_back() -> None:
    pair = ready()
    pair.modem.sim.is_in = False
    pair.run(60)
    assert pair.health.problems() == [Trouble.NO_SIM.value]
    pair.modem.sim.is_in = True
    pair.deliver("Halo")
    pair.run(60)
    assert texts(pair) == ["Halo"]


def test_a_pin_is_wanted_given_and_never_tried_twice() -> None:
    pair = ModemPair(EmulatedModemSettings(pin="1234"))
    pair.run(60)
    assert pair.health.problems() == [Trouble.PIN_WANTED.value]
    assert b"AT+CPIN=" not in pair.written
    right = ModemPair(EmulatedModemSettings(pin="1234"), ModemSettings(pin="1234"))
    right.run(10)
    assert right.health.is_ready
    wrong = ModemPair(EmulatedModemSettings(pin="1234"), ModemSettings(pin="9999"))
    wrong.run(60)
    wrong.connect()
    wrong.run(60)
    assert wrong.written.count(b"AT+CPIN=") == 1
    assert wrong.modem.sim.enter_pin("1234")


def test_without_network_messages_wait_and_are_sent_when_there_is_some() -> None:
    pair = ready()
    pair.modem.settings.network = 2
    pair.run(31)
    assert pair.health.problems() == [Trouble.NO_NETWORK.value]
    verdicts = pair.send("Halo")
    pair.run(60)
    assert verdicts == []
    pair.modem.settings.network = 1
    pair.run(31)
    assert verdicts == [Sent(1)]


def test_without_network_a_message_is_given_up_when_its_time_is_over() -> None:
    pair = ready()
    pair.modem.settings.signal = 0  # still registered: the modem learns when it sends
    verdicts = pair.send("Halo", wait_s=30)
    pair.run(60)
    (verdict,) = verdicts
    assert isinstance(verdict, NotSent)
    assert verdict.trouble is Trouble.NO_NETWORK
    assert not verdict.may_have_been_sent


def test_a_weak_signal_and_a_missing_centre_are_said() -> None:
    pair = ready(EmulatedModemSettings(signal=3, centre=False))
    weak, centre = pair.health.problems()
    assert "-107 dBm" in weak
    assert centre == Trouble.NO_CENTRE.value
    verdicts = pair.send("Halo")
    pair.run(5)
    assert [getattr(verdict, "trouble", None) for verdict in verdicts] == [Trouble.NO_CENTRE]


def test_a_card_without_credit_is_known_by_refusals_and_by_the_operator_s_word() -> None:
    pair = ready(EmulatedModemSettings(credit=0, no_credit_code=500))
    verdicts = [pair.send(f"pesan {number}") for number in range(3)]
    pair.run(60)
    assert pair.health.credit is Credit.SUSPECTED
    assert pair.health.problems() == [Trouble.NO_CREDIT.value]
    assert getattr(verdicts[2][0], "trouble", None) is Trouble.NO_CREDIT
    pair.modem.settings.credit = None
    pair.deliver("Isi ulang pulsa berhasil", "OPERATOR")
    pair.run(5)
    later = pair.send("Halo")
    pair.run(20)
    assert later == [Sent(1)]
    pair.deliver("Maaf, pulsa Anda tidak cukup", "OPERATOR")
    pair.run(5)
    assert pair.outbox.credit.credit is Credit.OUT


def test_a_villager_cannot_say_that_the_credit_is_out() -> None:
    pair = ready()
    pair.deliver("pulsa Anda habis")
    pair.run(5)
    assert pair.health.credit is Credit.UNKNOWN


def test_a_busy_network_is_tried_again() -> None:
    pair = ready(EmulatedModemSettings(refusals=[42, 302]))
    verdicts = pair.send("Halo")
    pair.run(60)
    assert verdicts == [Sent(1)]
    assert len(pair.modem.sent) == 1


def test_messages_that_come_while_one_is_sent_are_told() -> None:
    pair = ready(EmulatedModemSettings(sending_s=20.0, prompt_s=2.0))
    pair.send("Halo")
    pair.run(1)  # before the prompt
    pair.deliver("satu")
    pair.run(5)  # after it
    pair.deliver("dua", OTHER)
    pair.run(60)
    assert texts(pair) == ["satu", "dua"]
    assert len(pair.modem.sent) == 1


def test_a_modem_that_starts_anew_is_set_up_anew_and_loses_nothing_received() -> None:
    pair = ready(EmulatedModemSettings(vendor="simcom"))
    pair.modem.restart(pair.now)
    pair.deliver("Halo")
    pair.run(20)
    assert pair.health.is_ready
    assert pair.health.restarts == 1
    # It came before the card's store was chosen again, and lies in the modem's own.
    assert len(pair.modem.device_store.slots) == 1
    (event,) = pair.take()
    assert isinstance(event, ReceivedSms)
    assert event.text == "Halo"
    pair.inbox.forget(event.message_id)
    pair.session.look_again()
    pair.run(5)
    assert pair.modem.device_store.slots == {}
    pair.deliver("lagi")
    pair.run(5)
    assert len(pair.modem.sim.store.slots) == 1
    assert texts(pair) == ["lagi"]


def test_a_modem_that_starts_anew_without_a_word_is_noticed() -> None:
    pair = ready()
    pair.modem.restart(pair.now)
    pair.run(60)
    pair.deliver("Halo")  # its store is another one now, and it tells of nothing, until it is set up anew
    pair.run(60)
    assert texts(pair) == ["Halo"]


@pytest.mark.parametrize(("at_s", "may_have_been_sent"), [(1.0, False), (5.0, True)])
def test_a_restart_while_sending_sends_nothing_twice(at_s: float, may_have_been_sent: bool) -> None:
    pair = ready(EmulatedModemSettings(vendor="simcom", prompt_s=2.0, sending_s=10.0))
    verdicts = pair.send("Halo")
    pair.run(at_s)
    pair.modem.restart(pair.now)
    pair.run(60)
    if may_have_been_sent:
        assert [getattr(verdict, "may_have_been_sent", None) for verdict in verdicts] == [True]
        assert pair.modem.sent == []
    else:
        assert verdicts == [Sent(1)]
        assert len(pair.modem.sent) == 1


def test_a_mute_modem_ends_the_connection_with_words_about_ports() -> None:
    pair = ModemPair(EmulatedModemSettings(is_mute=True))
    pair.run(60)
    assert pair.session.failure is not None
    assert "ports" in pair.session.failure


def test_a_modem_that_falls_mute_is_noticed_and_taken_back() -> None:
    pair = ready()
    pair.modem.settings.is_mute = True
    pair.run(90)
    assert pair.session.failure is not None
    pair.modem.settings.is_mute = False
    pair.connect()
    pair.deliver("Halo")
    pair.run(10)
    assert texts(pair) == ["Halo"]


def test_an_open_prompt_of_the_program_before_swallows_nothing() -> None:
    pair = ModemPair(EmulatedModemSettings(prompt_s=0.0))
    pair.modem.take_bytes(b"AT+CMGF=0\rAT+CMGS=20\r", pair.now)
    pair.modem.advance(pair.now)
    assert pair.modem.outgoing.endswith(b"> ")
    pair.run(8)
    assert pair.health.is_ready
    assert pair.modem.sent == []


def test_a_card_that_was_changed_is_not_deleted_from() -> None:
    pair = ready()
    pair.deliver("Halo")
    pair.run(2)
    other = encode_delivers(OTHER, "pesan lain", 1, UNIX_S)[0]
    pair.modem.sim.store.slots[1].pdu = other
    let_go(pair)
    pair.run(2)
    assert pair.modem.sim.store.slots[1].pdu == other
    pair.run(31)
    assert texts(pair) == ["pesan lain"]


def test_a_message_passed_on_without_being_stored_is_told() -> None:
    pair = ready()
    pair.modem.news = (2, 2, 0, 0, 0)
    pair.deliver("Halo")
    pair.run(1)
    assert texts(pair) == ["Halo"]


def test_sending_holds_its_rate() -> None:
    pair = ModemPair(sending=SendingSettings(burst=1, per_minute=6))
    pair.run(6)
    for number in range(3):
        pair.send(f"pesan {number}")
    pair.run(11)
    assert len(pair.modem.sent) == 2


ODD_LINES = ["OK", "ERROR", "RDY", ">", "+CMS ERROR: 310", "+CMS ERROR: x", "+CME ERROR: 10", "00AA", "AA"]
ODD_LINES += [
    "+CPIN: READY",
    "+CPIN: SIM PIN",
    "+CREG: 0,1",
    "+CREG: 1",
    "+CSQ: 20,99",
    "+CSQ: x",
    "Call Ready",
]
ODD_LINES += ['+CPMS: "SM",1,1', "+CPMS: ", "+CMGL: 1,0,,20", "+CMGL: x", "+CMGL:", "+CMGR: 0,,3", "+CMGS: 7"]
ODD_LINES += ['+CMTI: "SM",3', "+CMT: ,20", '+CDSI: "SM",2', "^RSSI:18", '+CSCA: "",129', "\u00ff\u0000"]


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(ODD_LINES), max_size=4), st.sampled_from([0.0, 0.4, 3.0, 31.0])),
        max_size=15,
    )
)
def test_a_modem_that_talks_nonsense_breaks_nothing(talk: list[tuple[list[str], float]]) -> None:
    pair = ModemPair(EmulatedModemSettings(is_mute=True))
    pair.send("Halo")
    for lines, pause_s in talk:
        pair.modem.outgoing += "".join(f"\r\n{line}\r\n" for line in lines).encode("latin-1")
        pair.run(pause_s)
    pair.modem.settings.is_mute = False
    pair.connect()
    pair.run(60)
    assert pair.health.is_ready


def test_nothing_in_the_health_is_a_number() -> None:
    pair = ready()
    pair.deliver("Halo")
    pair.send("Halo")
    pair.run(5)
    assert "0000" not in str(pair.health.as_json())
    assert "0000" not in str(pair.health)
