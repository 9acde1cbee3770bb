"""The network's side of SMS, for the emulator: makes what phones receive, reads what they send.

Made after 3GPP TS 23.040 like `sms_pdu`, whose reader and writer of fields it shares; in the tests a foreign
program (gammu) holds both against another opinion.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.sms_alphabet import pack, septets_of, text_of
from firmware_bridge.sms_pdu import (
    SUBMIT,
    Alphabet,
    MalformedPdu,
    Part,
    PduReader,
    UserData,
    part_of,
    read_address,
    read_coding,
    read_time,
    read_user_data,
    split_text,
    text_of_ucs2,
    write_address,
    write_time,
)

CENTRE = "+62810000001"
"""A fictional service centre."""


@dataclass(frozen=True, repr=False)
class Submitted:
    """One SMS that a phone sent: to whom, its text, which part, in which alphabet."""

    to: str
    text: str
    part: Part | None
    alphabet: Alphabet


def encode_delivers(sender: str, text: str, reference: int, unix_s: int) -> list[bytes]:
    """Return the PDUs of a message as a modem stores them; a sender that is no number stands in letters."""
    centre = write_address(CENTRE)
    return [
        bytes([len(centre) - 1]) + centre[1:] + _deliver(sender, part, unix_s)
        for part in split_text(text, reference)
    ]


def deliver_pdu(
    sender: str, data: UserData, unix_s: int, *, coding: int | None = None, first: int = 0x04
) -> bytes:
    """Return one PDU without service centre; `coding` and `first` make unusual ones."""
    return b"\x00" + _deliver(sender, data, unix_s, coding, first)


def _deliver(sender: str, part: UserData, unix_s: int, coding: int | None = None, first: int = 0x04) -> bytes:
    if coding is None:
        coding = 0x08 if part.alphabet is Alphabet.UCS2 else 0x00
    first |= 0x40 if part.has_header else 0
    head = bytes([first]) + _sender(sender) + bytes([0, coding]) + write_time(unix_s)
    return head + bytes([part.length]) + part.data


def _sender(sender: str) -> bytes:
    try:
        return write_address(sender)
    except ValueError:
        septets = septets_of(sender) or b"?"
        packed = pack(septets[:11])
        return bytes([(len(septets[:11]) * 7 + 3) // 4, 0xD0]) + packed


def decode_submit(pdu: bytes, *, announced: int) -> Submitted:
    """Read what a phone sends; `announced` is the length given to AT+CMGS. Raises MalformedPdu."""
    reader = PduReader(pdu)
    reader.take(reader.byte("service centre"), "service centre")
    if reader.left != announced:
        raise MalformedPdu("the message has another length than was announced")
    first = reader.byte("first byte")
    if first & 0x03 != SUBMIT:
        raise MalformedPdu("the message is none to be sent")
    reader.byte("reference")
    to, _ = read_address(reader, "number")
    reader.byte("protocol identifier")
    coding = read_coding(reader.byte("data coding"))
    validity = first >> 3 & 3
    if validity == 3 and read_time(reader.take(7, "validity")) is None:
        raise MalformedPdu("the validity is no time")
    reader.take({0: 0, 1: 7, 2: 1, 3: 0}[validity], "validity")
    header, body, septets = read_user_data(reader, bool(first & 0x40), coding)
    if reader.left:
        raise MalformedPdu("something follows the text")
    text = text_of(septets) if septets is not None else text_of_ucs2(body)
    return Submitted(to, text, part_of(header), coding.alphabet)
