"""Series of recruiters over the region."""

from __future__ import annotations

from village import OTHER_VILLAGE, Region
from watched_past import burst, with_past

from hub.counting.entries import week_of
from hub.links.models import LinkGroup, LinkMember, LinkSuggestion
from hub.watching.clusters import SUGGESTED, read_clusters
from sync.link_quality import DAY_S


def test_reports_that_are_joined_or_suggested_to_be_of_one_recruiter_are_one_series(region: Region) -> None:
    with_past(region)
    known, new = burst(region, 4), burst(region, 3, OTHER_VILLAGE)
    store = region.hub.store

    def job() -> None:
        LinkSuggestion.delete().execute(store.database)
        LinkGroup.insert(number=7, kind="recruiter", reports=4, first_at=1, last_at=2).execute(store.database)
        members = [{"kind": "recruiter", "report": one, "group": 7} for one in known]
        LinkMember.insert_many(members).execute(store.database)
        pairs = [
            {
                "kind": "recruiter",
                "one": min(new[0], other),
                "other": max(new[0], other),
                "bits": 9.0,
                "rank": 9.0,
                "pieces": "[]",
                "strong": True,
                "state": "open",
                "made_at": 1.0,
            }
            for other in new[1:]
        ]
        LinkSuggestion.insert_many(pairs).execute(store.database)

    store.writer.run(job)
    entries = store.week_counts.entries
    recent = entries.received_since(region.clock.wall_s() - 7 * DAY_S)
    week = week_of(region.clock.wall_s(), store.week_counts.zone)
    found = read_clusters(store.database, entries, recent, week, 60)
    suggested = SUGGESTED + min(new)
    assert set(found.counts) == {"7", suggested}
    assert found.counts["7"].sum() == 4
    assert set(found.recent["7"]) == set(known)
    assert set(found.recent[suggested]) == set(new)
    assert found.number == 2
