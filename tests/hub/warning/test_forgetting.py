"""What was forgotten is behind no signal, and still counted."""

from __future__ import annotations

import pytest
from findings import finding, say_of
from inbox_arrivals import BUDI, SARI, arrive
from village import NOW_S, VILLAGE, Region, dump

from hub.retention.periods import Periods
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


DAY_S = 86_400


def words(region: Region) -> str:
    kept = {table: rows for table, rows in dump(region.hub_folder).items() if table.startswith("signal")}
    return repr(kept)


def test_what_was_written_of_a_signal_without_reports_goes_when_its_time_is_over(region: Region) -> None:
    days = Periods().false_days
    store, signals = region.hub.store, region.hub.store.early.signals
    other, number, still_open = (
        signals.raise_by_hand(Draft(f"{name} Contoh", VILLAGE, f"kata {name} Contoh"), who=SARI)
        for name in ("Bu", "Pak", "Mbah")
    )
    signals.fold(other, number, "sama: Contoh", who=SARI)
    signals.close(number, Closing("unknown", "no_contact", "kata Contoh", {}), seen=None, who=BUDI)
    region.clock.advance(DAY_S)
    signals.comment(number, "masih kata Contoh", who=SARI)
    region.clock.advance((days - 1) * DAY_S)
    store.early.words.forget_due()
    assert "Pak Contoh" in words(region), "the last word of it is not so old"
    region.clock.advance(DAY_S)
    store.early.words.forget_due()
    left = words(region)
    assert "Mbah Contoh" in left, "what is open is worked on"
    assert not [one for one in ("Bu Contoh", "Pak Contoh", "kata Contoh", "sama") if one in left]
    assert signals.view(still_open, reports_before=None, who=SARI).row.title == "Mbah Contoh"
    [row] = signals.rows(SignalChoice(state="closed"), before=None, limit=9, who=SARI)[0]
    assert (row.id, row.verdict) == (number, "unknown")
    store.early.words.forget_due()
    entries = [row for row in dump(region.hub_folder)["audit_entry"] if f"signal {number}" in row]
    assert sum("forgotten" in row for row in entries) == 1, "what is empty is not forgotten again"


@pytest.mark.parametrize("database_url", [None])
def test_words_of_a_signal_with_a_report_stay_as_long_as_the_report(region: Region) -> None:
    store, signals = region.hub.store, region.hub.store.early.signals
    [report] = arrive(region, "a")
    number = signals.raise_by_hand(Draft("Bu Contoh", VILLAGE, "x", (report,)), who=SARI)
    signals.close(number, Closing("unknown", "no_contact", "tak terjawab", {}), seen=None, who=BUDI)
    region.clock.advance(Periods().true_days * DAY_S)
    store.early.words.forget_due()
    assert "tak terjawab" in words(region)
