"""Every piece of evidence has Indonesian words."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest

from hub.linking.evidence import extract
from hub.linking.linking import background_of
from hub.linking.scoring import Piece, score_event, score_recruiter
from hub.web.evidence_words import _SAY, PIECE_WORDS, in_indonesian, weight_in_words
from sync.records import check_report

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "tests" / "data" / "reports-linking.jsonl"


def test_every_piece_that_the_sample_gives_has_words() -> None:
    lines = SAMPLE.read_text("utf-8").splitlines()
    said = [extract(check_report(json.loads(line)["report"])) for line in lines]
    known = background_of(said)
    seen = set()
    for one, other in itertools.combinations(said, 2):
        recruiter = score_recruiter(one, other, known)
        for piece in (*recruiter.pieces, *score_event(one, other, known, recruiter).pieces):
            seen.add((piece.kind, piece.how))
            assert in_indonesian(piece) != piece.says
    assert len(seen) > 20
    assert seen <= set(_SAY)
    assert {kind for kind, _ in _SAY} == set(PIECE_WORDS)


def test_every_piece_in_the_source_names_its_code() -> None:
    source = (ROOT / "hub" / "linking" / "scoring.py").read_text("utf-8")
    kinds = set(re.findall(r'Piece\(\s*"([a-z ]+)"', source))
    assert kinds == set(PIECE_WORDS)


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (Piece("phone", "", 22, "same", ("+6281200004321",)), "nomor telepon sama: 0812-0000-4321"),
        (Piece("phone", "", 22, "same", ("+60120000432",)), "nomor telepon sama: +60120000432"),
        (
            Piece("name", "", 9, "agree", ("wayan", "wayan contohe")),
            "nama serupa (jarang): Wayan dan Wayan Contohe",
        ),
        (Piece("name", "", 3, "agree", ("sri", "sri")), "nama sama: Sri"),
        (Piece("sum", "", 4, "same", ("12500000",)), "keduanya menyebut Rp12.500.000"),
        (Piece("date", "", 6, "near", ("0",)), "pada hari yang sama"),
        (Piece("destination", "", 1, "same", ("ID", "MY")), "tujuan sama: Malaysia"),
        (Piece("later", "what a later version says", 1, "same"), "what a later version says"),
    ],
)
def test_words(piece: Piece, words: str) -> None:
    assert in_indonesian(piece) == words


def test_names_are_shown_as_reports_write_them() -> None:
    report = check_report({"kind": "other", "narrative": "Pak Soejono datang."})
    piece = Piece("name", "", 3, "agree", ("sujono", "sujono"))
    assert in_indonesian(piece, report) == "nama sama: Soejono"


def test_weights() -> None:
    assert weight_in_words(22.0) == "sangat kuat (+22,0)"
    assert weight_in_words(-2.5) == "lemah melawan (−2,5)"
