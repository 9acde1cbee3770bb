"""Documents that cannot rot: numbers, tables and worked examples are held against the code.

Links, commands and guides: tests/docs.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import inspect
import itertools
import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from documents import DOCS, ROOT, documents, page, stands

from sync import airtime, identifiers, records
from sync.areas.table import area_table
from sync.carriers import https
from sync.identifiers import EnvelopeId, Lane
from sync.link import fragments, hub_session, ranges, retry
from sync.link.ranges import RangeSet
from sync.link.settings import LinkSettings
from sync.sealing import derivation, epoch, receipt_code
from sync.sealing.derivation import KeyPair, key_id, spoken_fingerprint
from sync.sealing.downlink import StaticKeys
from sync.sealing.epoch import OpeningEpoch, SealingEpoch, binding_mac
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from sync.wire import (
    area_index,
    attachments,
    beacons,
    bundle_codec,
    codings,
    content_pieces,
    control_records,
    copies,
    followups,
    frame_blocks,
    frame_codec,
    notices,
    numbers,
    open_questions,
    primitives,
    report_fields_2,
    subscriptions,
)
from sync.wire.bundle_codec import EpochSection, UpBundle, encode_up_bundle
from sync.wire.control_records import EpochClosed, StatusRecord, encode_down, encode_up_control, with_age
from sync.wire.followups import Addition, ReportPlace, Withdrawal, encode_addition, encode_withdrawal
from sync.wire.frame_codec import (
    DataFrame,
    DownFrame,
    EpochBlock,
    FragmentFrame,
    PartialReceipt,
    PollBlock,
    ReceiptFrame,
    UnknownEpochFrame,
    decode_frame,
    encode_frame,
)
from sync.wire.numbers import Step, UpdateTrouble
from sync.wire.primitives import ByteWriter
from sync.wire.report_codec import decode_report, encode_report
from sync.wire.report_fields import CHANNEL, CODINGS, PRESENCE, PRESENCE_OF, WORDS
from sync.wire.update_records import NO_VERSION, UpdateHeld

PAGES = (
    *("architecture", "protocol", "threat-model", "decisions", "contributing", "content", "exports"),
    *("security", "release"),
)


def test_the_pages_stand() -> None:
    assert [name for name in PAGES if not (DOCS / f"{name}.md").is_file()] == []


def rows_of_attacks() -> list[list[str]]:
    """Return the cells of each row of the threat model's table of attacks."""
    table = page("threat-model").split("## Attacks and countermeasures")[1].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]


def test_every_attack_has_a_countermeasure_and_a_test_that_stands() -> None:
    rows = rows_of_attacks()
    assert len(rows) > 90
    wrong = [row[0] for row in rows if len(row) != 3 or not all(row)]
    unnamed = [row[0] for row in rows if not re.search(r"`tests/[\w/]+\.py(::\w+)*`", row[-1])]
    assert (wrong, unnamed) == ([], [])


def test_a_test_that_does_not_stand_would_be_seen() -> None:
    file = "tests/village_node/test_pin.py"
    assert stands(file, ["TestGuessing", "test_pulling_the_plug_wins_nothing"])
    assert not stands(file, ["TestGuessing", "test_of_nothing"])
    assert not stands(file, ["TestResetByTheHub", "test_pulling_the_plug_wins_nothing"])
    assert not stands("tests/village_node/test_nothing.py", [])


def test_each_trouble_of_a_radio_has_its_tests() -> None:
    _, _, rest = page("architecture").partition("\n## What may go wrong with a radio\n")
    rows = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 16
    assert [
        row.split(" |")[0] for row in rows if not re.search(r"`tests/firmware_bridge/\w+\.py::test_", row)
    ] == []


# --- numbers of the protocol ---


def test_every_number_on_the_wire_stands_in_the_protocol() -> None:
    enums: list[type[enum.IntEnum]] = [
        value
        for _, value in inspect.getmembers(numbers, inspect.isclass)
        if issubclass(value, enum.IntEnum) and value.__module__ == numbers.__name__
    ]
    assert enums
    missing = []
    families: list[type[enum.IntEnum]] = [*enums, Lane]
    for family in families:
        _, _, table = page("protocol").partition(f"\n#### {family.__name__}\n")
        rows = dict(
            re.findall(
                r"^\| (0x[0-9a-f]{2}|[0-9]+) \| `([A-Z0-9_]+)` \|", table.split("\n#")[0], re.MULTILINE
            )
        )
        stands = {name: int(value, 0) for value, name in rows.items()}
        if stands != {member.name: int(member) for member in family}:
            missing.append(family.__name__)
    assert missing == []


LIMITS: dict[str, object] = {
    "FRAME_VERSION": numbers.FRAME_VERSION,
    "FOLLOWED_FRAME_VERSION": numbers.FOLLOWED_FRAME_VERSION,
    "PROTOCOL_VERSION": epoch.PROTOCOL_VERSION,
    "ENC_BYTES": epoch.ENC_BYTES,
    "EPOCH_ID_BYTES": identifiers.EPOCH_ID_BYTES,
    "RECEIPT_DIGITS": identifiers.RECEIPT_DIGITS,
    "TAG_BYTES": frame_blocks.TAG_BYTES,
    "NONCE_BYTES": derivation.NONCE_BYTES,
    "MAC_BYTES": frame_codec.MAC_BYTES,
    "FIND_BYTES": control_records.FIND_BYTES,
    "ARGON2_MEMORY_KIB": receipt_code.ARGON2_MEMORY_KIB,
    "ARGON2_PASSES": receipt_code.ARGON2_PASSES,
    "LAST_COUNTER": epoch.LAST_COUNTER,
    "MAX_AHEAD": epoch.MAX_AHEAD,
    "VARINT_BITS": primitives.VARINT_BITS,
    "FIRST_REPORT_BYTE": control_records.FIRST_REPORT_BYTE,
    "MAX_FRAME_BYTES": frame_codec.MAX_FRAME_BYTES,
    "MAX_BITMAP_BYTES": frame_codec.MAX_BITMAP_BYTES,
    "MAX_FRAGMENTS": frame_codec.MAX_FRAGMENTS,
    "MAX_PARTIALS": fragments.MAX_PARTIALS,
    "MAX_BUNDLE_BYTES": bundle_codec.MAX_BUNDLE_BYTES,
    "PAD_TO_BYTES": bundle_codec.PAD_TO_BYTES,
    "GATEWAY_NONCE_BYTES": bundle_codec.GATEWAY_NONCE_BYTES,
    "CHANNEL_PAYLOAD_LIMIT": airtime.CHANNEL_PAYLOAD_LIMIT,
    "MIN_TIMEOUT_S": retry.MIN_TIMEOUT_S,
    "MAX_TIMEOUT_S": retry.MAX_TIMEOUT_S,
    "EVEN_WAITS": retry.EVEN_WAITS,
    "MAX_EVEN_S": retry.MAX_EVEN_S,
    "URGENT_EVEN_S": retry.URGENT_EVEN_S,
    "MAX_TALKS": hub_session.MAX_TALKS,
    "MAX_REPLIES": hub_session.MAX_REPLIES,
    "MAX_SECTIONS": bundle_codec.MAX_SECTIONS,
    "MAX_EPOCHS": bundle_codec.MAX_EPOCHS,
    "MAX_VALUES": ranges.MAX_VALUES,
    "PIECE_BYTES": attachments.PIECE_BYTES,
    "MAX_PIECES": attachments.MAX_PIECES,
    "MAX_ATTACHMENTS": attachments.MAX_ATTACHMENTS,
    "ADDITION_MAX_CHARACTERS": followups.ADDITION_MAX_CHARACTERS,
    "QUESTION_MAX_CHARACTERS": open_questions.QUESTION_MAX_CHARACTERS,
    "QUESTION_MAX_BYTES": open_questions.QUESTION_MAX_BYTES,
    "SUBSCRIPTION_MAX_BYTES": subscriptions.SUBSCRIPTION_MAX_BYTES,
    "MAX_ATTACHED_BYTES": attachments.MAX_ATTACHED_BYTES,
    "MAX_NOTICE_CHARACTERS": notices.MAX_NOTICE_CHARACTERS,
    "BEACON_BYTES": beacons.BEACON_BYTES,
    "DETAIL_MAX_BYTES": beacons.DETAIL_MAX_BYTES,
    "BLOCK_BYTES": content_pieces.BLOCK_BYTES,
    "MAX_UPDATE_BYTES": content_pieces.MAX_UPDATE_BYTES,
    **vars(LinkSettings()),
}


def test_limits_in_the_protocol_are_those_of_the_code() -> None:
    table = page("protocol").partition("\n## Limits\n")[2].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([0-9][0-9 ,.]*) \|", table, re.MULTILINE)
    stands = {name: float(value.replace(",", "").replace(" ", "")) for name, value in rows}
    assert stands == {name: float(str(value)) for name, value in LIMITS.items()}


def test_the_paths_of_the_exchange_stand_in_the_protocol() -> None:
    for text in (https.EXCHANGE_PATH, https.FRAMES_PATH, https.CONTENT_TYPE, bundle_codec.MAGIC.decode()):
        assert f"`{text}`" in page("protocol") or text in page("protocol")


def test_every_label_of_a_key_stands_in_the_protocol() -> None:
    labels = set()
    for module in (derivation, epoch, receipt_code, identifiers):
        labels |= set(re.findall(r'b"(kentongan/[^"]+)"', inspect.getsource(module)))
    from sync.sealing import downlink

    for module in (epoch, receipt_code, downlink):
        source = inspect.getsource(module)
        labels |= set(re.findall(r'b"(kentongan/[^"]+)"', source))
        labels |= set(re.findall(r'expand\([^"]+?, "([a-z-]+)"', source))
    assert len(labels) > 15
    assert sorted(label for label in labels if f'"{label}"' not in page("protocol")) == []


def test_every_media_type_stands_in_the_protocol_by_its_name() -> None:
    table = page("protocol").partition("\n#### MediaType\n")[2].split("\n#")[0]
    rows = re.findall(r"^\| ([0-9]+) \| `\w+` \| `([a-z0-9/]+)` \|", table, re.MULTILINE)
    assert {int(number): name for number, name in rows} == attachments.MEDIA_TYPES


def test_the_airtime_table_is_the_code_s() -> None:
    table = page("protocol").partition("\n## What a byte costs")[2].split("\n## ")[0]
    heads = re.search(r"^\| preset \|(.+)\|$", table, re.MULTILINE)
    assert heads
    sizes = [int(size) for size in re.findall(r"([0-9]+) B", heads[1])]
    rows = re.findall(r"^\| (\w+) \| ([0-9 |]+) \|$", table, re.MULTILINE)
    stands = {name: [int(cell) for cell in cells.split("|")] for name, cells in rows}
    assert stands == {
        name: [round(airtime.payload_airtime_ms(size, preset)) for size in sizes]
        for name, preset in airtime.PRESETS.items()
    }


def test_the_field_tables_are_the_code_s() -> None:
    text = subsection("Fields model 1")
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([0-9]+) \| ([0-9]+) \|", text, re.MULTILINE)
    assert {name: (int(terse), int(full)) for name, terse, full in rows} == dict(PRESENCE)
    assert [name for name, _, _ in rows] == list(PRESENCE)
    assert f"in {PRESENCE_OF}" in text
    assert [p for p in (*CODINGS, *WORDS) if f"`{p}`" not in text] == []


def test_the_field_tables_of_model_2_are_the_code_s() -> None:
    text = subsection("Fields model 2")
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([0-9, ]+) \|", text, re.MULTILINE)
    stands = {name: tuple(int(weight) for weight in weights.split(",")) for name, weights in rows}
    assert list(stands.items()) == list(report_fields_2.PRESENCE.items())
    assert f"in {report_fields_2.PRESENCE_OF}" in text
    assert [p for p in (*report_fields_2.CODINGS, *report_fields_2.WORDS) if f"`{p}`" not in text] == []
    table = area_table(area_index.TABLE)
    for said in (table.date, table.origin.source, f"area table {area_index.TABLE}"):
        assert said in text
    for level in (1, 2, 3, 4):
        assert f"{table.count(level):,}" in text
    for name in ("AreaIndex", "NameCopy", "FirmCopy", "MobileCoding", "INDICATORS", "URGENCY", "RELATION"):
        assert name in text


def subsection(heading: str) -> str:
    """Return the part of the protocol from a heading of level 3 to the next."""
    _, found, rest = page("protocol").partition(f"\n### {heading}\n")
    assert found
    return rest.split("\n### ")[0]


def test_vector_files_stand_in_the_protocol() -> None:
    files = sorted(path.name for path in (ROOT / "tests" / "vectors").glob("*.json"))
    assert files
    assert [name for name in files if f"`tests/vectors/{name}`" not in page("protocol")] == []


# --- worked examples ---

HUB, NODE, EPHEMERAL = (KeyPair.from_private(bytes([n]) * 32) for n in (1, 2, 4))
PSK = bytes([3]) * 32
NODE_NUMBER = 7
GENERATION = 1_795_300_000
SHORT = {"kind": "other", "narrative": "tolong"}


def _sealing() -> SealingEpoch:
    return SealingEpoch.open(
        hub_public=HUB.public,
        node_static=NODE,
        psk=PSK,
        node_number=NODE_NUMBER,
        ephemeral_private=EPHEMERAL.private,
    )


def _static() -> StaticKeys:
    return StaticKeys(own_private=NODE.private, other_public=HUB.public, psk=PSK)


def _claim() -> PollBlock:
    block = PollBlock(0x1234, GENERATION & 0xFFFF, 300, 2, 0x80)
    return PollBlock(
        block.poll,
        block.generation_tag,
        block.age_s,
        block.down_base,
        block.down_bitmap,
        _static().poll_mac(_sealing().id, block.signed_bytes()),
    )


def _example_varint() -> dict[str, str]:
    found = {}
    for value in (0, 127, 128, 300, 65_535):
        writer = ByteWriter()
        writer.varint(value)
        found[str(value)] = writer.getvalue().hex()
    return found


def _example_ranges() -> dict[str, str]:
    held = RangeSet([(0, 4), (5, 6), (9, 11)])
    return {
        "set": "0 1 2 3 5 9 10",
        "ranges": held.to_bytes().hex(),
        "base": str(held.first_missing()),
        "bitmap": held.bitmap_from(held.first_missing(), 64).hex(),
    }


def _example_report() -> dict[str, str]:
    report = {"kind": "other", "narrative": "tolong"}
    found = {"report": '{"kind": "other", "narrative": "tolong"}'}
    for fields_model, text_model in itertools.product((1, 2), (0, 1)):
        models = {"fields_model": fields_model, "text_model": text_model}
        wire = encode_report(records.check_report(report), **models)
        assert decode_report(wire).to_json() == report
        found[f"model {fields_model}.{text_model}"] = wire.hex()
    return found


def _example_epoch() -> dict[str, str]:
    sealing = _sealing()
    plain = with_age(5, encode_report(records.check_report(SHORT), text_model=0, fields_model=1))
    sealed = sealing.seal(Lane.REPORT, plain)
    opening = OpeningEpoch.derive(
        sealing.enc, hub=HUB, node_public=NODE.public, psk=PSK, node_number=NODE_NUMBER
    )
    assert opening.open(Lane.REPORT, 0, sealed.ciphertext).plain == plain
    keys = ReceiptKeys(sealed.receipt_code, receipt_salt(PSK))
    return {
        "hub private": HUB.private.hex(),
        "hub public": HUB.public.hex(),
        "node private": NODE.private.hex(),
        "node public": NODE.public.hex(),
        "psk": PSK.hex(),
        "ephemeral private": EPHEMERAL.private.hex(),
        "node number": str(NODE_NUMBER),
        "hub key id": key_id(HUB.public).hex(),
        "node fingerprint": spoken_fingerprint(NODE.public),
        "enc": sealing.enc.hex(),
        "epoch id": sealing.id.hex(),
        "envelope id": str(EnvelopeId(sealing.id, Lane.REPORT, 0)),
        "plain": plain.hex(),
        "ciphertext": sealed.ciphertext.hex(),
        "receipt code": sealed.receipt_code,
        "salt": receipt_salt(PSK).hex(),
        "find": keys.find.hex(),
        "binding": binding_mac(PSK, sealing.enc, NODE.public, NODE_NUMBER).hex(),
        "answer": keys.seal_answer(GENERATION, 0, b"Terima kasih.").hex(),
    }


def _example_data() -> dict[str, str]:
    sealing = _sealing()
    plain = with_age(5, encode_report(records.check_report(SHORT), text_model=0, fields_model=1))
    first = sealing.seal(Lane.REPORT, plain).ciphertext
    alone = DataFrame(sealing.id[0], ((0, first),))
    block = EpochBlock(NODE_NUMBER, sealing.enc)
    many = DataFrame(sealing.id[0], ((3, first), (5, first)), block, _claim())
    frames = {"one envelope": alone, "two envelopes, epoch and poll block": many}
    for frame in frames.values():
        assert decode_frame(encode_frame(frame)) == frame
    return {name: encode_frame(frame).hex() for name, frame in frames.items()}


def _example_receipt() -> dict[str, str]:
    name = _sealing().id
    plain = ReceiptFrame(name[0], 0x1234, 1_795_300_300, 4, bytes.fromhex("46"))
    partial = PartialReceipt(4, 9, bytes.fromhex("e080"))
    full = ReceiptFrame(name[0], 0x1234, 1_795_300_300, 4, bytes.fromhex("46"), GENERATION, partial)
    found = {}
    for title, frame in (("plain", plain), ("with generation and fragments", full)):
        code = _static().receipt_mac(GENERATION, name, frame.signed_bytes())
        found[title] = (encode_frame(frame) + code).hex()
        assert isinstance(decode_frame(bytes.fromhex(found[title])), ReceiptFrame)
    return found


def _example_other_frames() -> dict[str, str]:
    name = _sealing().id
    fragment = FragmentFrame(name[0], 6, 0, 1, bytes(range(4)))
    piece = encode_frame(fragment) + _static().fragment_up_mac(name, fragment.signed_bytes())
    find = bytes.fromhex(_example_epoch()["find"])
    record = encode_down(StatusRecord(find, Step.READ, 1_795_300_400))
    down = DownFrame(0, _static().seal_down(GENERATION, 0, record), GENERATION)
    return {
        "fragment": piece.hex(),
        "status record": record.hex(),
        "down": encode_frame(down).hex(),
        "unknown epoch": encode_frame(UnknownEpochFrame(name[0])).hex(),
        "epoch closed record": encode_up_control(
            EpochClosed(name, Lane.REPORT, RangeSet([(0, 4), (5, 6)]).to_bytes())
        ).hex(),
    }


def _example_bundle() -> dict[str, str]:
    sealing = _sealing()
    sealed = sealing.seal(Lane.REPORT, b"\x05\x10")
    section = EpochSection(
        EpochBlock(NODE_NUMBER, sealing.enc), sealing.id, _claim(), ((sealed.id, sealed.ciphertext),)
    )
    data = encode_up_bundle(UpBundle((section,)))
    used = data[:-34].rstrip(b"\x00")
    return {"bytes": str(len(data)), "before the padding": used.hex(), "end": data[-34:].hex()}


def _example_questions() -> dict[str, str]:
    question = open_questions.Question("Boleh cuti?")
    return {"question": open_questions.encode_question(question, (0, b"Boleh cuti?")).hex()}


def _example_subscriptions() -> dict[str, str]:
    begin = subscriptions.Subscription("6281200004321", True, area="52.02.08.2001")
    stop = subscriptions.Subscription("6281200004321", False)
    return {
        name: subscriptions.encode_subscription(one).hex() for name, one in (("begin", begin), ("stop", stop))
    }


def _example_update_held() -> dict[str, str]:
    tries = UpdateHeld((0, 1, 0), (0, 2, 0), (0, 1, 9), UpdateTrouble.CRASHED)
    rests = UpdateHeld((1, 0, 255), NO_VERSION, NO_VERSION, UpdateTrouble.NONE)
    return {name: encode_up_control(one).hex() for name, one in (("on trial", tries), ("at rest", rests))}


def _example_followups() -> dict[str, str]:
    text = "Mobilnya hitam."
    written = (0, text.encode())
    here, there = ReportPlace(None, 300), ReportPlace(bytes(range(1, 9)), 300)
    return {
        "addition": encode_addition(Addition(here, text), written).hex(),
        "of another epoch": encode_addition(Addition(there, text), written).hex(),
        "withdrawal": encode_withdrawal(Withdrawal(here)).hex(),
    }


EXAMPLES: dict[str, Callable[[], dict[str, str]]] = {
    "varint": _example_varint,
    "ranges": _example_ranges,
    "report": _example_report,
    "epoch": _example_epoch,
    "data": _example_data,
    "receipt": _example_receipt,
    "followups": _example_followups,
    "questions": _example_questions,
    "subscriptions": _example_subscriptions,
    "update-held": _example_update_held,
    "other-frames": _example_other_frames,
    "bundle": _example_bundle,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_are_what_the_code_gives(name: str) -> None:
    assert written(name) == EXAMPLES[name]()


def joined_lines(block: str) -> list[str]:
    """Return the lines of an example; one that begins with blanks goes on with the line before it."""
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += line.strip()
        elif line.strip():
            lines.append(line)
    return lines


def test_no_example_stands_unchecked() -> None:
    blocks = itertools.chain.from_iterable(
        re.findall(r"^```example (\S+)$", path.read_text("utf-8"), re.MULTILINE) for path in documents()
    )
    assert sorted(blocks) == sorted(EXAMPLES)


# --- a second implementation, made of the protocol page and RFC 9180 alone ---


def written(name: str) -> dict[str, str]:
    block = re.search(rf"^```example {name}\n(.*?)^```$", page("protocol"), re.MULTILINE | re.DOTALL)
    assert block
    return dict(line.split(": ", 1) for line in joined_lines(block[1]))


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _expand(key: bytes, label: str, length: int = 32, context: bytes = b"") -> bytes:
    return _hmac(key, b"kentongan/1/" + label.encode() + b"\x00" + context + b"\x01")[:length]


def _mac(key: bytes, *parts: bytes) -> bytes:
    return _hmac(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts))[:8]


class _Hpke:
    """RFC 9180, sections 4 and 5.1, as far as an exported secret needs it."""

    def __init__(self, suite: bytes) -> None:
        self.suite = suite

    def extract(self, salt: bytes, label: bytes, secret: bytes) -> bytes:
        return _hmac(salt or bytes(32), b"HPKE-v1" + self.suite + label + secret)

    def expand(self, key: bytes, label: bytes, info: bytes) -> bytes:
        return _hmac(key, (32).to_bytes(2, "big") + b"HPKE-v1" + self.suite + label + info + b"\x01")


def _exported(example: dict[str, str], info: bytes) -> bytes:
    hub, node, ephemeral = (
        X25519PrivateKey.from_private_bytes(bytes.fromhex(example[f"{who} private"]))
        for who in ("hub", "node", "ephemeral")
    )
    keys = [key.public_key().public_bytes_raw() for key in (ephemeral, hub, node)]
    kem, suite = _Hpke(b"KEM\x00\x20"), _Hpke(b"HPKE\x00\x20\x00\x01\x00\x01")
    shared = ephemeral.exchange(hub.public_key()) + node.exchange(hub.public_key())
    secret = kem.expand(kem.extract(b"", b"eae_prk", shared), b"shared_secret", b"".join(keys))
    mode_auth_psk = b"\x03"
    context = (
        mode_auth_psk
        + suite.extract(b"", b"psk_id_hash", b"kentongan/1/psk")
        + suite.extract(b"", b"info_hash", info)
    )
    schedule = suite.extract(secret, b"secret", bytes.fromhex(example["psk"]))
    exporter = suite.expand(schedule, b"exp", context)
    return suite.expand(exporter, b"sec", b"kentongan/epoch/1")


def test_a_second_implementation_seals_and_derives_the_same() -> None:
    example = written("epoch")
    number = int(example["node number"]).to_bytes(4, "big")
    info = b"kentongan/1\x01" + number + bytes.fromhex(example["hub key id"])
    chain = _expand(_exported(example, info), "lane", context=b"\x00")
    message_key = _expand(chain, "message")
    name = hashlib.sha256(b"kentongan/1/epoch-id" + bytes.fromhex(example["enc"])).digest()[:8]
    assert name.hex() == example["epoch id"]
    header = b"\x01" + name + b"\x00" + bytes(4)
    cipher = AESCCM(_expand(message_key, "key", 16), tag_length=8)
    sealed = cipher.encrypt(_expand(message_key, "nonce", 13), bytes.fromhex(example["plain"]), header)
    assert sealed.hex() == example["ciphertext"]

    code = f"{int.from_bytes(_expand(message_key, 'receipt'), 'big') % 10**16:016d}"
    psk = bytes.fromhex(example["psk"])
    salt = _expand(_hmac(b"kentongan/1/receipt-salt", psk), "salt", 16)
    slow = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=1024).derive(code.encode())
    assert (code, salt.hex()) == (example["receipt code"], example["salt"])
    assert _expand(slow, "find", 8).hex() == example["find"]
    nonce = b"\x01" * 5 + GENERATION.to_bytes(4, "big") + bytes(4)
    answer = AESCCM(_expand(slow, "open", 16), tag_length=8).encrypt(
        nonce, b"Terima kasih.", b"kentongan/1/answer"
    )
    assert answer.hex() == example["answer"]
    bound = bytes.fromhex(example["enc"] + example["node public"]) + number
    assert _expand(_hmac(b"kentongan/1/binding", psk), "bind", 16, bound).hex() == example["binding"]


def test_a_second_implementation_authenticates_the_same() -> None:
    example = written("epoch")
    name = bytes.fromhex(example["epoch id"])
    node = X25519PrivateKey.from_private_bytes(bytes.fromhex(example["node private"]))
    hub = X25519PublicKey.from_public_bytes(bytes.fromhex(example["hub public"]))
    root = _hmac(bytes.fromhex(example["psk"]), node.exchange(hub))
    generation = _expand(root, "down", context=GENERATION.to_bytes(4, "big"))

    for text in written("receipt").values():
        frame = bytes.fromhex(text)
        assert _mac(_expand(generation, "receipt"), name, frame[:-8]) == frame[-8:]
    data = bytes.fromhex(written("data")["two envelopes, epoch and poll block"])
    poll, code = data[35:43], data[43:51]
    assert _mac(_expand(root, "poll"), name, poll) == code
    fragment = bytes.fromhex(written("other-frames")["fragment"])
    assert _mac(_expand(root, "fragment-up"), name, fragment[2:-8]) == fragment[-8:]
    down = bytes.fromhex(written("other-frames")["down"])
    plain = AESCCM(_expand(generation, "envelope", 16), tag_length=8).decrypt(
        bytes(5) + down[1:5] + bytes(4), down[6:], b"kentongan/1/down"
    )
    assert plain.hex() == written("other-frames")["status record"]


# --- the other pages ---


def test_decisions_are_whole_and_in_order() -> None:
    parts = re.split(r"^## (?=[0-9]+\. )", page("decisions"), flags=re.MULTILINE)[1:]
    assert [int(part.split(".")[0]) for part in parts] == list(range(1, len(parts) + 1))
    words = ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**")
    assert [part.splitlines()[0] for part in parts if not all(word in part for word in words)] == []


def test_founding_decisions_that_the_code_cites_stand_in_the_decisions() -> None:
    cited: set[str] = set()
    for folder in ("sync", "village_node", "hub", "firmware_bridge"):
        for path in (ROOT / folder).rglob("*.py"):
            cited |= set(re.findall(r"\b(?:design )?\(?(D[1-9][a-z]?)\b", path.read_text("utf-8")))
    assert cited
    assert sorted(name for name in cited if f"**{name}.**" not in page("decisions")) == []


def test_frozen_tables_are_pointed_to() -> None:
    # Frozen tables that the protocol points to instead of repeating them.
    for name in ("AreaCode", "Country", "IndicatorSet", "Money", "PhoneCoding", "DepartureDate", "Date"):
        assert name in page("protocol")
    assert {str(key) for key in ("telegram", "web", "sms")} <= set(
        re.findall(r"`([a-z]+)`", page("protocol"))
    )
    assert "sms" in CHANNEL
    assert codings.AreaCode.__name__ in page("protocol")
    assert copies.__name__.rpartition(".")[2] in page("protocol")
