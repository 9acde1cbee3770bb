"""What is kept of reports finds others as the index in memory does, and leaves nothing behind."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from village import Region

from hub.linking.evidence import Evidence, extract
from hub.linking.index import FULL, CandidateIndex
from hub.linking.linking import background_of
from hub.links.evidence_store import EvidenceStore, Placed
from hub.links.models import LinkCount, LinkEvidence, LinkPosting
from sync.records import check_report

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "reports-linking.jsonl"


@pytest.fixture(scope="module")
def said() -> list[Evidence]:
    lines = SAMPLE.read_text("utf-8").splitlines()[:25]
    return [extract(check_report(json.loads(line)["report"])) for line in lines]


@pytest.fixture
def store(region: Region) -> EvidenceStore:
    return EvidenceStore(region.hub.store.database)


def put(region: Region, store: EvidenceStore, name: str, evidence: Evidence) -> Placed:
    return region.hub.store.writer.run(lambda: store.put(name, evidence))


def rows(region: Region) -> dict[str, list[Any]]:
    database = region.hub.store.database
    return {
        "counts": sorted(LinkCount.select(LinkCount.word, LinkCount.count).tuples().execute(database)),
        "postings": sorted(
            (key, count, bytes(reports))
            for key, count, reports in LinkPosting.select(
                LinkPosting.key, LinkPosting.count, LinkPosting.reports
            )
            .tuples()
            .execute(database)
        ),
        "evidence": sorted(LinkEvidence.select(LinkEvidence.report).tuples().execute(database)),
    }


def test_candidates_and_frequencies_are_those_of_the_way_in_memory(
    region: Region, store: EvidenceStore, said: list[Evidence]
) -> None:
    placed = [put(region, store, f"{place:02}", one) for place, one in enumerate(said)]
    known = background_of(said)
    kept = store.background(said)
    for one in said:
        assert all(kept.words.bits(word) == known.words.bits(word) for word in one.words)
        assert all(kept.names.bits(w) == known.names.bits(w) for name in one.names for w in name.full)
        assert all(kept.shares.of_area(c) == known.shares.of_area(c) for c in one.places)
        assert all(kept.shares.of_country(c) == known.shares.of_country(c) for c in one.countries)
    last = len(said) - 1
    index = CandidateIndex(known.words)
    for place, one in enumerate(said[:-1]):
        index.add(place, one)
    # The keys of the last report were worked out with the counts of all, as the index here does.
    found = [(other.report, other.evidence) for other in store.candidates(placed[last])]
    assert found == [(f"{place:02}", said[place]) for place in index.candidates(said[last])]
    assert found


def test_taking_away_leaves_what_was(region: Region, store: EvidenceStore, said: list[Evidence]) -> None:
    writer = region.hub.store.writer
    for place in (0, 1, 2):
        put(region, store, f"{place}", said[place])
    before = rows(region)
    put(region, store, "3", said[3])
    assert rows(region) != before
    writer.run(lambda: store.remove("3"))
    assert rows(region) == before
    for name in ("0", "1", "2"):
        writer.run(partial(store.remove, name))
    left = rows(region)
    assert left["postings"] == left["evidence"] == []
    assert left["counts"] == [("#", 0), ("#n", 0)]


def test_new_evidence_takes_the_place_of_old(
    region: Region, store: EvidenceStore, said: list[Evidence]
) -> None:
    put(region, store, "0", said[0])
    straight = rows(region)
    put(region, store, "0", said[5])
    put(region, store, "0", said[0])
    assert rows(region) == straight
    assert store.reports() == 1


def test_a_key_that_too_many_share_is_not_looked_up(region: Region, store: EvidenceStore) -> None:
    evidence = extract(check_report({"kind": "recruiter", "narrative": "hp 0812-0000-4321"}))

    def fill() -> Placed:
        for number in range(FULL):
            store.put(f"{number:03}", evidence)
        assert len(store.candidates(store.put("000", evidence))) > 100
        return store.put("x", evidence)

    placed = region.hub.store.writer.run(fill)
    assert store.candidates(placed) == []
    assert store.others_with_phones(["x"]) == {"x": FULL}


def test_a_word_of_a_thousand_letters_fits(region: Region, store: EvidenceStore) -> None:
    put(region, store, "0", extract(check_report({"kind": "other", "narrative": "a" * 1000})))
    assert max(len(word) for word, _ in rows(region)["counts"]) <= 101
