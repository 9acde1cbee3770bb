"""An exported file proves the log by itself, and says in one line what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from village import Region

from hub.audit.entries import Head, entry_from_json
from hub.audit.exporting import export_lines, head_line, proof_line
from hub.audit.log import AuditLog
from hub.audit.models import AuditEntry, AuditHead, AuditNode, AuditTree
from hub.audit.verifying import NotProven, head_from_lines, verify_lines

Line = dict[str, Any]


@pytest.fixture
def log(region: Region) -> AuditLog:
    log = region.hub.store.audit
    for number in range(11):
        log.note("sari", "read", f"report 0123456789abcdef.0.{number}")
        if number in (2, 6):
            log.sign_head()
    return log


def export(log: AuditLog, start: int = 0, end: int | None = None) -> list[Line]:
    return [json.loads(line) for line in export_lines(log, start, end)]


def verify(lines: list[Line], **options: Any) -> Any:
    return verify_lines([json.dumps(line) for line in lines], **options)


def test_the_whole_log_and_every_span_of_it_hold(log: AuditLog) -> None:
    proven = verify(export(log), public=log.public)
    assert (proven.entries, proven.size, proven.root, proven.heads) == (11, 11, log.root(), 3)
    for start in range(12):
        for end in range(start, 12):
            lines = export(log, start, end)
            assert verify(lines).entries == end - start
            assert sum("entry" in line for line in lines) == end - start


def test_an_empty_log_holds(region: Region) -> None:
    assert verify(export(region.hub.store.audit)).size == 0


def change(lines: list[Line]) -> None:
    lines[4]["entry"]["by"] = "budi"


def change_with_leaf(lines: list[Line]) -> None:
    change(lines)
    entry = entry_from_json(lines[4]["entry"])
    lines[4]["leaf"] = entry.leaf(bytes.fromhex(lines[4]["salt"])).hex()


def remove(lines: list[Line]) -> None:
    del lines[4]


def reorder(lines: list[Line]) -> None:
    lines[4], lines[6] = lines[6], lines[4]


def swap_numbers(lines: list[Line]) -> None:
    reorder(lines)
    for at in (4, 6):
        lines[at]["entry"]["number"] = at - 1
        entry = entry_from_json(lines[at]["entry"])
        lines[at]["leaf"] = entry.leaf(bytes.fromhex(lines[at]["salt"])).hex()


def cut(lines: list[Line]) -> None:
    del lines[11]


def cut_with_span(lines: list[Line]) -> None:
    cut(lines)
    lines[0]["end"] = lines[0]["size"] = 10


def add(lines: list[Line]) -> None:
    lines.insert(12, json.loads(json.dumps(lines[11])))
    lines[12]["entry"]["number"] = 11


def forge(lines: list[Line]) -> None:
    signed = lines[-1]["head"]
    lines[-1]["head"] = signed[:-2] + ("00" if signed[-2:] != "00" else "01")


def forge_body(lines: list[Line]) -> None:
    signed = bytes.fromhex(lines[-1]["head"])
    lines[-1]["head"] = (Head(11, bytes(32), 1).body() + signed[-64:]).hex()


def drop_heads(lines: list[Line]) -> None:
    del lines[12:]


def change_proof(lines: list[Line]) -> None:
    lines[12]["consistency"][0] = "00" * 32


def other_salt(lines: list[Line]) -> None:
    lines[4]["salt"] = "00" * 16


def no_nodes(lines: list[Line]) -> None:
    lines[0]["start"] = 1


DAMAGES: list[tuple[Callable[[list[Line]], None], str]] = [
    (change, "entry 3 was changed"),
    (change_with_leaf, "do not give the signed head"),
    (remove, "entry 3 is missing"),
    (reorder, "entry 3 is not where it belongs: entry 5 is"),
    (swap_numbers, "do not give the signed head"),
    (cut, "1 entries are missing at the end"),
    (cut_with_span, "no signed head over all"),
    (add, "beyond the end"),
    (forge, "signature of a head is forged"),
    (forge_body, "signature of a head is forged"),
    (drop_heads, "no signed head over all"),
    (change_proof, "does not go on from the head over 3"),
    (other_salt, "entry 3 was changed"),
    (no_nodes, "hashes beside the span"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_was_done_to_a_file_is_said(
    log: AuditLog, damage: Callable[[list[Line]], None], said: str
) -> None:
    lines = export(log)
    damage(lines)
    with pytest.raises(NotProven, match=said) as problem:
        verify(lines)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"kentongan_audit":2}',
        '{"kentongan_audit":1,"public_key":"00"}',
        "\x00",
        "1" * 9,
    ],
)
def test_what_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(NotProven):
        verify_lines([text])
    with pytest.raises(NotProven):
        head_from_lines([text])


def test_another_key_than_the_known_one_is_refused(log: AuditLog) -> None:
    with pytest.raises(NotProven, match="another key"):
        verify(export(log), public=bytes(32))


class TestAgainstAnOlderHead:
    def older(self, log: AuditLog) -> Head:
        head, public = head_from_lines([head_line(log)])
        assert public == log.public
        return head

    def test_a_log_that_grew_goes_on_from_it(self, log: AuditLog) -> None:
        head = self.older(log)
        from_export, _ = head_from_lines(list(export_lines(log, 0, None)))
        assert from_export == head
        log.note("sari", "answered", "report x")
        assert verify(export(log), older=head).size == 12
        assert verify(export(log, 11), older=head).entries == 1

    def test_a_log_that_was_cut_and_signed_again_shows(self, log: AuditLog) -> None:
        head, again = self.older(log), log
        for table in (AuditEntry, AuditNode, AuditHead):
            table.delete().execute(log._db)
        AuditTree.update(size=0).execute(log._db)
        for number in range(5):
            again.note("sari", "read", f"report 0123456789abcdef.0.{number}")
        assert verify(export(again)).size == 5, "by itself it holds: the key signs anything"
        with pytest.raises(NotProven, match="6 entries that the older head covers are missing"):
            verify(export(again), older=head)
        for number in range(10):
            again.note("budi", "read", f"report 0123456789abcdef.0.{number}")
        with pytest.raises(NotProven, match="does not go on from the older head"):
            verify(export(again), older=head)
        with pytest.raises(NotProven, match="export the whole log"):
            verify(export(again, 13), older=head)


class TestOneEntry:
    def test_it_is_proven_without_any_other(self, log: AuditLog) -> None:
        line = proof_line(log, 3)
        assert verify_lines([line], public=log.public).entries == 1
        assert line.count("report 0123456789abcdef.0.") == 1

    @pytest.mark.parametrize("change", [{"by": "budi"}, {"number": 4}, {"reason": "x"}])
    def test_another_entry_is_not(self, log: AuditLog, change: dict[str, object]) -> None:
        proof = json.loads(proof_line(log, 3))
        proof["entry"] |= change
        with pytest.raises(NotProven, match="does not stand like this"):
            verify([proof])
        with pytest.raises(NotProven, match="older head"):
            verify([json.loads(proof_line(log, 3))], older=Head(0, bytes(32), 0))
