"""What the reports behind a signal have in common, counted."""

from __future__ import annotations

import datetime

from findings import finding, say_of
from inbox_arrivals import SARI, arrive
from village import NOW_S, Region

from hub.warning.facts import from_text, to_text
from hub.warning.reasons import Facts

PHONE, OTHER_PHONE = "+6281200004321", "+6281200009999"


def test_shared_phones_companies_minors_and_departures_are_counted(region: Region) -> None:
    store = region.hub.store
    tomorrow = (store.inbox.today() + datetime.timedelta(1)).isoformat()
    ids = arrive(region, "a", "b", offer={"departure_on": tomorrow})
    ids += arrive(region, "c", indicators=["child"])
    [taken] = store.early.signals.take_findings([finding(ids)], NOW_S)
    # Linking comes later: who looks at the signal is told what it found since.
    say_of(store, ids[:2], frozenset([PHONE]), ("maju", "contoh"))
    say_of(store, ids[2:], frozenset([OTHER_PHONE]), ("maju", "contoh"))
    facts = store.early.signals.view(taken.signal, reports_before=None, who=SARI).facts
    day = (store.inbox.today() - datetime.date(1970, 1, 1)).days
    assert facts == Facts(3, same_phone=2, same_company=3, minors=1, departures=(day + 1, day + 1))
    assert (facts.departing(day), facts.departing(day + 2)) == (2, 0)
    assert from_text(to_text(facts)) == facts
