"""What was forgotten is behind no signal, and still counted."""

from __future__ import annotations

import pytest
from findings import finding, say_of
from inbox_arrivals import BUDI, SARI, arrive
from village import NOW_S, VILLAGE, Region, dump

from hub.warning.services import Closing, Draft, SignalChoice


def test_ids_of_forgotten_reports_vanish_from_signals_and_counts_stay(region: Region) -> None:
    store = region.hub.store
    ids = arrive(region, "a", "b", "c", people={"children": 1})
    say_of(store, ids, frozenset(["+6281200004321"]))
    [taken] = store.early.signals.take_findings([finding(ids[:2])], NOW_S)
    number = taken.signal
    store.early.signals.add_report(number, ids[2], who=SARI)
    store.early.signals.comment(number, "Tanya Bu Contoh", who=SARI)
    before = store.early.signals.view(number, reports_before=None, who=SARI)
    assert (before.facts.same_phone, before.facts.minors) == (3, 3)
    store.forgetting.forget([ids[0], ids[2]], by=BUDI, reason="masa simpan habis")
    after = store.early.signals.view(number, reports_before=None, who=SARI)
    assert [row.report.id for row in after.reports] == [ids[1]]
    assert (after.forgotten, after.row.reports, after.facts) == (2, 3, before.facts)
    assert after.row.reasons == before.row.reasons
    store.early.signals.move(number, "verification", "", seen=None, who=SARI)
    store.early.signals.close(
        number, Closing("unknown", "no_contact", "tak terjawab", {}), seen=None, who=BUDI
    )
    store.forgetting.forget([ids[1]], by=BUDI, reason="masa simpan habis")
    kept = {table: rows for table, rows in dump(region.hub_folder).items() if table.startswith("signal")}
    assert set(kept) == {"signal", "signal_report", "signal_sighting", "signal_step"}
    assert not [one for one in (*ids, "Contoh", "tak terjawab") if one in repr(kept)]
    [row] = store.early.signals.rows(SignalChoice(state="closed"), before=None, limit=9, who=SARI)[0]
    assert (row.verdict, row.reports, row.reasons) == ("unknown", 3, before.row.reasons)


@pytest.mark.parametrize("database_url", [None])
def test_what_was_written_goes_also_where_signals_were_folded_or_closed_later(region: Region) -> None:
    store, signals = region.hub.store, region.hub.store.early.signals
    ids = arrive(region, "a", "b", "c")
    first, second, later = (
        signals.raise_by_hand(Draft(f"Bu Contoh {one}", VILLAGE, "kata Bu Contoh", (one,)), who=SARI)
        for one in ids
    )
    signals.fold(first, second, "sama: Bu Contoh", who=SARI)
    signals.close(second, Closing("unknown", "no_contact", "tak terjawab", {}), seen=None, who=BUDI)
    store.forgetting.forget(ids, by=BUDI, reason="masa simpan habis")
    assert signals.view(later, reports_before=None, who=SARI).row.title, "it is worked on"
    signals.close(later, Closing("unknown", "no_contact", "sudah lama", {}), seen=None, who=BUDI)
    kept = {table: rows for table, rows in dump(region.hub_folder).items() if table.startswith("signal")}
    assert not [one for one in ("Contoh", "tak terjawab") if one in repr(kept)]
    assert "sudah lama" in repr(kept), "what is written after that is of no report"
