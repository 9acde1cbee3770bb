"""SMS as a modem passes them in PDU mode: what was received, and what is to be sent.

Fields and their order are those of 3GPP TS 23.040, section 9.2; before each stands the service centre's
address, as TS 27.005 has it. Of a number nothing is ever said in an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

from firmware_bridge.sms_alphabet import pack, septets_of, text_of, unpack

BYTES_OF_TEXT = 140
MOST_PARTS = 255
LONGEST_PDU = 12 + 164
"""Service centre and message, in bytes; what is longer is no SMS."""

DELIVER, SUBMIT, STATUS_REPORT = 0, 1, 2
CONCATENATED_8, CONCATENATED_16 = 0x00, 0x08
SINGLE_SHIFT, LOCKING_SHIFT = 0x24, 0x25
PORTS_8, PORTS_16 = 0x04, 0x05
VALID_FOR_A_DAY = 0xA7


class MalformedPdu(Exception):
    """Bytes that are no SMS. The text names the part, never its content."""


class Alphabet(Enum):
    """How the text of a message is written."""

    GSM7 = 0
    DATA = 1
    UCS2 = 2


class Unreadable(Enum):
    """Why a whole message has no text for us."""

    DATA = "data for a program of the phone, no text"
    NATIONAL_TABLE = "letters of a national table, which is not supported: have it sent again as plain text"
    COMPRESSED = "compressed text, which is not supported"


@dataclass(frozen=True)
class Part:
    """Which part of a long message this is: `number` from 1 to `total`."""

    reference: int
    total: int
    number: int
    wide_reference: bool = False


@dataclass(frozen=True, repr=False)
class Deliver:
    """A message as it was received. `text` is empty where `unreadable` says why.

    `sent_at` is the service centre's time in Unix seconds, or None where that is no time. A surrogate pair
    may be cut by the end of a part: `ucs2` holds the bytes, to be joined before they are read.
    """

    sender: str
    is_alphanumeric: bool
    text: str
    sent_at: int | None
    part: Part | None
    message_class: int | None
    unreadable: Unreadable | None
    ucs2: bytes | None = None


@dataclass(frozen=True)
class StatusReport:
    """What became of a message of ours; never asked for, and ignored."""


@dataclass(frozen=True)
class Coding:
    """What the data coding scheme says."""

    alphabet: Alphabet
    message_class: int | None
    compressed: bool = False


class PduReader:
    """Bytes from the front; raises MalformedPdu at the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int, what: str) -> bytes:
        if self._at + count > len(self._data):
            raise MalformedPdu(f"the message ends within its {what}")
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self, what: str) -> int:
        return self.take(1, what)[0]

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def decode_received(pdu: bytes) -> Deliver | StatusReport:
    """Read what a modem lists as received, service centre first. Raises MalformedPdu."""
    if len(pdu) > LONGEST_PDU:
        raise MalformedPdu("the message is longer than an SMS can be")
    reader = PduReader(pdu)
    reader.take(reader.byte("service centre"), "service centre")
    first = reader.byte("first byte")
    if first & 0x03 == STATUS_REPORT:
        return StatusReport()
    if first & 0x03 != DELIVER:
        raise MalformedPdu("the message is none that was received")
    sender, is_alphanumeric = read_address(reader, "sender")
    reader.byte("protocol identifier")
    coding = read_coding(reader.byte("data coding"))
    sent_at = read_time(reader.take(7, "time"))
    return _with_user_data(reader, bool(first & 0x40), coding, sender, is_alphanumeric, sent_at)


def _with_user_data(
    reader: PduReader,
    has_header: bool,
    coding: Coding,
    sender: str,
    is_alphanumeric: bool,
    sent_at: int | None,
) -> Deliver:
    header, body, septets = read_user_data(reader, has_header, coding)
    part = part_of(header)
    unreadable = _why_unreadable(coding, header)
    text, ucs2 = "", None
    if unreadable is None and septets is not None:
        text = text_of(septets)
    elif unreadable is None:
        if len(body) % 2:
            raise MalformedPdu("half a sign at the end of the text")
        ucs2 = body
        text = text_of_ucs2(body)
    return Deliver(sender, is_alphanumeric, text, sent_at, part, coding.message_class, unreadable, ucs2)


def _why_unreadable(coding: Coding, header: dict[int, bytes]) -> Unreadable | None:
    if coding.compressed:
        return Unreadable.COMPRESSED
    if coding.alphabet is Alphabet.DATA or PORTS_8 in header or PORTS_16 in header:
        return Unreadable.DATA
    if coding.alphabet is Alphabet.GSM7 and (SINGLE_SHIFT in header or LOCKING_SHIFT in header):
        return Unreadable.NATIONAL_TABLE
    return None


def text_of_ucs2(data: bytes) -> str:
    """Return the text of UCS-2 bytes, with pairs for what lies above; half a pair becomes U+FFFD."""
    return data.decode("utf-16-be", "replace")


def read_user_data(
    reader: PduReader, has_header: bool, coding: Coding
) -> tuple[dict[int, bytes], bytes, bytes | None]:
    """Read length, header and text: (information elements, bytes, septets or None). Raises MalformedPdu."""
    length = reader.byte("length of text")
    is_gsm = coding.alphabet is Alphabet.GSM7 and not coding.compressed
    size = (length * 7 + 7) // 8 if is_gsm else length
    if size > BYTES_OF_TEXT:
        raise MalformedPdu("the text is longer than an SMS can be")
    data = reader.take(size, "text")
    header: dict[int, bytes] = {}
    header_size = 0
    if has_header:
        if not data or 1 + data[0] > len(data):
            raise MalformedPdu("the message ends within its header")
        header_size = 1 + data[0]
        header = read_header(data[1:header_size])
    if not is_gsm:
        return header, data[header_size:], None
    header_septets = (header_size * 8 + 6) // 7
    if header_septets > length:
        raise MalformedPdu("the header is longer than the text")
    fill_bits = header_septets * 7 - header_size * 8
    try:
        return header, b"", unpack(data[header_size:], length - header_septets, fill_bits)
    except ValueError as error:
        raise MalformedPdu("the message ends within its text") from error


def read_header(data: bytes) -> dict[int, bytes]:
    """Return information elements by their identifier; of several alike the last. Raises MalformedPdu."""
    reader = PduReader(data)
    elements = {}
    while reader.left:
        identifier = reader.byte("header")
        elements[identifier] = reader.take(reader.byte("header"), "header")
    return elements


def part_of(header: dict[int, bytes]) -> Part | None:
    """Return which part this is; an impossible one counts as none, as TS 23.040 says."""
    wide = CONCATENATED_16 in header
    element = header.get(CONCATENATED_16 if wide else CONCATENATED_8)
    if element is None or len(element) != (4 if wide else 3):
        return None
    reference, total, number = int.from_bytes(element[:-2], "big"), element[-2], element[-1]
    if not 1 <= number <= total or total == 1:
        return None
    return Part(reference, total, number, wide)


def read_coding(scheme: int) -> Coding:
    """Read the data coding scheme of TS 23.038, section 4; what is reserved is the plain alphabet."""
    group = scheme >> 4
    if group < 8:  # general; from 4 on the message is to be deleted after reading
        alphabet = Alphabet(min(scheme >> 2 & 3, 2)) if scheme >> 2 & 3 != 3 else Alphabet.GSM7
        message_class = scheme & 3 if scheme & 0x10 else None
        return Coding(alphabet, message_class, bool(scheme & 0x20))
    if group == 0xE:
        return Coding(Alphabet.UCS2, None)
    if group == 0xF:
        return Coding(Alphabet.DATA if scheme & 4 else Alphabet.GSM7, scheme & 3)
    return Coding(Alphabet.GSM7, None)


def read_address(reader: PduReader, what: str) -> tuple[str, bool]:
    """Read an address: digits, with a plus where it is international, or letters. Raises MalformedPdu."""
    digits = reader.byte(what)
    kind = reader.byte(what)
    if digits > 20:
        raise MalformedPdu(f"the {what} is longer than an address can be")
    packed = reader.take((digits + 1) // 2, what)
    if kind >> 4 & 7 == 5:
        return text_of(unpack(packed, digits * 4 // 7)), True
    signs = "".join("0123456789*#abcf"[min(half, 15)] for byte in packed for half in (byte & 15, byte >> 4))
    return ("+" if kind >> 4 & 7 == 1 else "") + signs[:digits], False


def write_address(number: str) -> bytes:
    """Write a number of digits, with or without a plus. Raises ValueError for anything else."""
    if not re.fullmatch(r"\+?[0-9*#]{1,20}", number):
        raise ValueError("a number has 1 to 20 digits, with + in front where it is international")
    digits = number.lstrip("+")
    kind = 0x91 if number.startswith("+") else 0x81
    halves = ["0123456789*#".index(sign) for sign in digits] + [15] * (len(digits) % 2)
    return bytes([len(digits), kind]) + bytes(
        low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True)
    )


def read_time(stamp: bytes) -> int | None:
    """Return the Unix seconds of a service centre's time stamp, or None where it is no time."""
    values = [(byte & 15) * 10 + (byte >> 4) for byte in stamp]
    quarters = (stamp[6] & 7) * 10 + (stamp[6] >> 4)
    offset = timedelta(minutes=15 * (-quarters if stamp[6] & 8 else quarters))
    year, month, day, hour, minute, second = values[:6]
    try:
        moment = datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None
    return int(moment.timestamp())


def write_time(unix_s: int) -> bytes:
    """Write a time stamp, in UTC."""
    moment = datetime.fromtimestamp(unix_s, UTC)
    values = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second, 0)
    return bytes(value // 10 | value % 10 << 4 for value in values)


@dataclass(frozen=True, repr=False)
class UserData:
    """The text of one SMS: whether it has a header, its alphabet, the length field and the bytes."""

    has_header: bool
    alphabet: Alphabet
    length: int
    data: bytes


def split_text(text: str, reference: int) -> list[UserData]:
    """Cut a text into as many SMS as it needs, in the plain alphabet where that has every sign.

    `reference` (0 to 255) joins the parts of a long one. No sign is cut in two. Raises ValueError when there
    would be more than 255.
    """
    alphabet = Alphabet.UCS2 if septets_of(text) is None else Alphabet.GSM7
    whole = _units(text, alphabet)
    single, multiple = (160, 153) if alphabet is Alphabet.GSM7 else (70, 67)
    if sum(size for size, _ in whole) <= single:
        return [_user_data(b"".join(code for _, code in whole), alphabet, b"")]
    pieces: list[bytes] = [b""]
    used = 0
    for size, code in whole:
        if used + size > multiple:
            pieces.append(b"")
            used = 0
        pieces[-1] += code
        used += size
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"a message has at most {MOST_PARTS} parts")
    return [
        _user_data(piece, alphabet, bytes([5, CONCATENATED_8, 3, reference & 255, len(pieces), number]))
        for number, piece in enumerate(pieces, 1)
    ]


def _units(text: str, alphabet: Alphabet) -> list[tuple[int, bytes]]:
    """Return each sign with its size in septets or 16-bit units."""
    if alphabet is Alphabet.GSM7:
        codes = [septets_of(sign) or b"" for sign in text]
        return [(len(code), code) for code in codes]
    codes = [sign.encode("utf-16-be", "replace") for sign in text]
    return [(len(code) // 2, code) for code in codes]


def _user_data(code: bytes, alphabet: Alphabet, header: bytes) -> UserData:
    if alphabet is Alphabet.UCS2:
        return UserData(bool(header), alphabet, len(header) + len(code), header + code)
    header_septets = (len(header) * 8 + 6) // 7
    fill_bits = header_septets * 7 - len(header) * 8
    return UserData(bool(header), alphabet, header_septets + len(code), header + pack(code, fill_bits))


def encode_submits(number: str, text: str, reference: int) -> list[tuple[bytes, int]]:
    """Return the PDUs that send a text, each with the length that AT+CMGS wants (without service centre).

    The modem's own service centre is used, no status report is asked for, and a message is good for a day.
    Raises ValueError for a number that is none and for a text of more than 255 parts.
    """
    address = write_address(number)
    encoded = []
    for part in split_text(text, reference):
        first = SUBMIT | 0x10 | (0x40 if part.has_header else 0)
        scheme = 0x08 if part.alphabet is Alphabet.UCS2 else 0x00
        message = bytes([first, 0]) + address + bytes([0, scheme, VALID_FOR_A_DAY, part.length]) + part.data
        encoded.append((b"\x00" + message, len(message)))
    return encoded
