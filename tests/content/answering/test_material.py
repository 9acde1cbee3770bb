"""Every passage has an id, a text and a source."""

from __future__ import annotations

from content.answering.material import passages_of
from content.catalogue import Catalogue


def test_passages_of_all_kinds_are_whole() -> None:
    passages = passages_of(Catalogue())
    keys = [passage.key for passage in passages]
    assert len(set(keys)) == len(keys)
    assert {key.split(":")[0] for key in keys} == {"passage", "lesson", "help"}
    for passage in passages:
        assert passage.text
        assert passage.sources
        assert all(source.cited for source in passage.sources)
    police = next(passage for passage in passages if passage.key == "help:polisi")
    assert police.lines[0] == "Polisi: 110"


def test_a_source_that_nobody_saw_is_marked() -> None:
    found = {passage.key: passage for passage in passages_of(Catalogue())}
    assert not all(source.verified for source in found["passage:magang"].sources)
    assert all(source.verified for source in found["passage:delapan_dokumen"].sources)
