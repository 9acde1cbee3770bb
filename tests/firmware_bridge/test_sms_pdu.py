"""SMS as bytes, beside another implementation (python-gammu) and against damage."""

from __future__ import annotations

import contextlib
from typing import Any

import gammu
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware_bridge.emulated_sms_network import Submitted, decode_submit, deliver_pdu, encode_delivers
from firmware_bridge.sms_pdu import (
    Alphabet,
    Deliver,
    MalformedPdu,
    Part,
    StatusReport,
    Unreadable,
    UserData,
    decode_received,
    encode_submits,
    split_text,
)

SENDER = "+6281200001234"
UNIX_S = 1_780_000_000
TIME = "62508221640400"
TEXTS = st.text(alphabet=st.sampled_from("abc Z09@€[~éà\n😀日“"), min_size=1, max_size=400)


def received(pdu: bytes) -> Deliver:
    message = decode_received(pdu)
    assert isinstance(message, Deliver)
    return message


def joined(pdus: list[bytes]) -> str:
    messages = [received(pdu) for pdu in pdus]
    if all(message.ucs2 is not None for message in messages):
        return b"".join(message.ucs2 or b"" for message in messages).decode("utf-16-be")
    return "".join(message.text for message in messages)


def by_gammu(pdu: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = gammu.DecodePDU(pdu)
    return decoded


@given(TEXTS)
def test_texts_come_back_from_their_parts(text: str) -> None:
    assert joined(encode_delivers(SENDER, text, 7, UNIX_S)) == text
    sent = [decode_submit(pdu, announced=length) for pdu, length in encode_submits(SENDER, text, 7)]
    assert "".join(part.text for part in sent) == text
    assert {part.to for part in sent} == {SENDER}


@given(TEXTS.map(lambda text: text.replace("~", "]")), st.integers(0, 255))  # it misreads a tilde in UCS-2
def test_a_foreign_reader_reads_the_same(text: str, reference: int) -> None:
    pdus = encode_delivers(SENDER, text, reference, UNIX_S)
    read = [by_gammu(pdu) for pdu in pdus]
    # For each sign of the extension table it reads one sign too many, from beyond the message.
    for part, pdu in zip(read, pdus, strict=True):
        ours = received(pdu).text
        assert part["Text"][: len(ours)] == ours
        assert len(part["Text"]) == len(ours) or any(sign in "€[]" for sign in ours)
    assert {part["Number"] for part in read} == {SENDER}
    assert {int(part["DateTime"].timestamp()) for part in read} == {UNIX_S}
    if len(pdus) > 1:
        assert [part["UDH"]["PartNumber"] for part in read] == list(range(1, len(pdus) + 1))


@pytest.mark.parametrize("text", ["Halo dunia", "a€b" * 70, "Terima kasih, laporan diterima. " * 9])
def test_what_a_foreign_writer_writes_is_read(text: str) -> None:
    parts = gammu.EncodeSMS(
        {"Class": -1, "Unicode": False, "Entries": [{"ID": "ConcatenatedTextLong", "Buffer": text}]}
    )
    written = []
    for part in parts:
        pdu = bytes(gammu.EncodePDU(part | {"Number": SENDER, "SMSC": {"Number": ""}}, "Submit"))
        written.append(decode_submit(pdu, announced=len(pdu) - 1 - pdu[0]))
    assert "".join(part.text for part in written) == text
    assert {part.to for part in written} == {SENDER}


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("€" * 80, [160]),
        ("aa" + "€" * 80, [152, 10]),  # no sign is cut: one place stays empty
        ("日" * 70, [140]),
        ("日" * 71, [134, 8]),
        ("😀" * 36, [132, 12]),
    ],
)
def test_texts_are_cut_where_the_standard_cuts_and_never_within_a_sign(text: str, sizes: list[int]) -> None:
    parts = split_text(text, 1)
    header = 7 if parts[0].alphabet is Alphabet.GSM7 else 6
    assert [part.length - (header if part.has_header else 0) for part in parts] == sizes


def test_a_text_of_more_than_255_parts_and_a_number_of_letters_are_refused() -> None:
    with pytest.raises(ValueError, match="255"):
        encode_submits(SENDER, "a" * 40_000, 1)
    for number in ("", "KENTONGAN", "+", "08120000\r", "1" * 21):
        with pytest.raises(ValueError, match="digits"):
            encode_submits(number, "a", 1)


def test_a_sender_in_letters_is_told_apart() -> None:
    message = received(encode_delivers("TELKOMSEL", "Pulsa Anda habis", 1, UNIX_S)[0])
    assert (message.sender, message.is_alphanumeric) == ("TELKOMSEL", True)
    message = received(bytes.fromhex("00040BD0CDE6DB5DCE030000" + TIME + "00"))
    assert (message.sender, message.is_alphanumeric) == ("MMoney", True)


@pytest.mark.parametrize(
    ("coding", "message_class"),
    [(0x00, None), (0x10, 0), (0x11, 1), (0xF0, 0), (0xF2, 2), (0xC8, None), (0x50, 0)],
)
def test_classes_are_read_and_odd_codings_are_plain(coding: int, message_class: int | None) -> None:
    message = received(deliver_pdu(SENDER, split_text("Halo", 1)[0], UNIX_S, coding=coding))
    assert (message.text, message.message_class) == ("Halo", message_class)


def test_unicode_of_the_waiting_indication_is_read() -> None:
    assert received(deliver_pdu(SENDER, split_text("日本", 1)[0], UNIX_S, coding=0xE0)).text == "日本"


@pytest.mark.parametrize("coding", [0x04, 0xF5])
def test_data_is_no_text(coding: int) -> None:
    data = UserData(False, Alphabet.DATA, 3, b"\x01\x02\x03")
    assert received(deliver_pdu(SENDER, data, UNIX_S, coding=coding)).unreadable is Unreadable.DATA


def test_a_push_to_a_port_is_no_text() -> None:
    data = UserData(True, Alphabet.UCS2, 9, bytes.fromhex("0605040B8423F0") + b"\x00A")
    assert received(deliver_pdu(SENDER, data, UNIX_S)).unreadable is Unreadable.DATA


@pytest.mark.parametrize("element", ["240101", "250101"])
def test_letters_of_national_tables_are_refused_and_not_misread(element: str) -> None:
    header = bytes.fromhex("03" + element)
    data = UserData(True, Alphabet.GSM7, 5 + 4, header + bytes(5))
    message = received(deliver_pdu(SENDER, data, UNIX_S))
    assert (message.text, message.unreadable) == ("", Unreadable.NATIONAL_TABLE)


def test_compressed_text_is_refused() -> None:
    data = UserData(False, Alphabet.GSM7, 3, b"abc")
    assert received(deliver_pdu(SENDER, data, UNIX_S, coding=0x20)).unreadable is Unreadable.COMPRESSED


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("050003AA0302", Part(0xAA, 3, 2)),
        ("060804AABB0302", Part(0xAABB, 3, 2, True)),
        ("050003AA0300", None),
        ("050003AA0304", None),
        ("050003AA0101", None),
        ("0400020302", None),
    ],
)
def test_parts_of_long_messages_are_told_and_impossible_ones_are_whole(
    header: str, part: Part | None
) -> None:
    data = bytes.fromhex(header) + b"\x00A"
    message = received(deliver_pdu(SENDER, UserData(True, Alphabet.UCS2, len(data), data), UNIX_S))
    assert (message.part, message.text) == (part, "A")


def test_a_header_that_looks_like_an_escape_hides_no_sign() -> None:
    # Read as septets, some references hold the escape's code; a reader that cuts after reading loses a sign.
    for reference in range(256):
        assert received(encode_delivers(SENDER, "b" * 200, reference, UNIX_S)[0]).text == "b" * 153


@pytest.mark.parametrize(
    ("stamp", "sent_at"),
    [
        ("3130523210658A", 1364277716),
        ("70402132522400", 1176420342),
        ("FFFFFFFFFFFFFF", None),
        ("00" * 7, None),
    ],
)
def test_times_with_their_quarters_of_hours(stamp: str, sent_at: int | None) -> None:
    assert received(bytes.fromhex("00040B915155214365F70000" + stamp + "00")).sent_at == sent_at


def test_status_reports_are_told_apart() -> None:
    assert decode_received(bytes.fromhex("0006050B915155214365F7" + TIME + TIME + "00")) == StatusReport()


@pytest.mark.parametrize("pdu", ["", "00", "0004", "07912299", "000115" + "00" * 9, "0004FF91" + "11" * 30])
def test_stumps_are_refused(pdu: str) -> None:
    with pytest.raises(MalformedPdu):
        decode_received(bytes.fromhex(pdu))


def test_a_text_cut_short_is_refused_and_not_half_read() -> None:
    whole = encode_delivers(SENDER, "Anak saya dibawa semalam", 1, UNIX_S)[0]
    for size in range(len(whole)):
        with pytest.raises(MalformedPdu):
            decode_received(whole[:size])


@given(st.data())
def test_damage_is_refused_or_read_and_nothing_else_happens(data: st.DataObject) -> None:
    pdu = bytearray(encode_delivers(SENDER, data.draw(TEXTS), 3, UNIX_S)[0])
    for _ in range(data.draw(st.integers(1, 5))):
        pdu[data.draw(st.integers(0, len(pdu) - 1))] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(pdu[: data.draw(st.integers(0, len(pdu)))]))


@given(st.binary(max_size=200))
@example(b"\x00\x40\x00\xd0" + bytes(20))
def test_noise_is_refused_or_read_and_nothing_else_happens(noise: bytes) -> None:
    read_or_refused(noise)
    with contextlib.suppress(MalformedPdu):
        assert isinstance(decode_submit(noise, announced=len(noise) - 1), Submitted)


def read_or_refused(pdu: bytes) -> None:
    with contextlib.suppress(MalformedPdu):
        assert isinstance(decode_received(pdu), Deliver | StatusReport)
