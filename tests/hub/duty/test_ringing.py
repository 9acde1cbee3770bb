"""Urgent reports ring until they are opened: level by level, by area, over restarts, once for each."""

from __future__ import annotations

from typing import Any

import pytest
from duty_people import BUDI, KETUT, SARI, STEP_S, WEEK, Post, account, three_levels, with_post
from inbox_arrivals import arrive
from village import OTHER_VILLAGE, Region

from hub.duty import ringing
from hub.duty.ringing import BY
from hub.duty.ways import MailServer, keep_hook, keep_mail

URGENT = {"urgency": "now"}
LOCAL = MailServer("127.0.0.1", 25, "none", "hub@kantor.example")


@pytest.fixture
def post(region: Region) -> Post:
    three_levels(region)
    keep_mail(region.hub_folder, LOCAL, "")
    return Post()


def look(region: Region, post: Post, after_s: float = 60) -> list[tuple[str, str, int]]:
    """Let the job look once; return what it sent."""
    region.clock.advance(after_s)
    with_post(region, post).turn()
    return post.taken()


def test_nobody_opens_and_it_goes_up_a_level_each_quarter_of_an_hour(region: Region, post: Post) -> None:
    [name] = arrive(region, "satu", **URGENT)
    arrive(region, "dua")
    assert look(region, post) == [("mail", "sari", 1)]
    assert look(region, post, STEP_S - 1) == []
    assert look(region, post, 1) == [("mail", "budi", 1)]
    region.restart_hub()
    assert look(region, post, STEP_S - 6) == []
    assert look(region, post, 1) == [("mail", "ketut", 1)]
    assert look(region, post, 9 * STEP_S) == []
    [ring] = region.hub.store.duty.rings_of(name)
    assert [(c.account, c.level, c.way, c.sent_at is not None) for c in ring.calls] == [
        ("sari", 1, "mail", True),
        ("budi", 2, "mail", True),
        ("ketut", 3, "mail", True),
    ]
    kept = [k.entry for k in region.hub.store.audit.entries() if k.entry.by == BY]
    assert [(e.what, e.about, e.reason) for e in kept] == [
        ("rung", f"report {name}", f"{who}, mail, level {level}")
        for level, who in enumerate(("sari", "budi", "ketut"), 1)
    ]


@pytest.mark.parametrize("channel", ["telegram", "sms"])
def test_an_urgent_report_of_a_bot_rings_also_without_a_village(
    region: Region, post: Post, channel: str
) -> None:
    abroad: Any = {"offer": {"destination": "MY"}, "position": {"lat_e5": 313900, "lon_e5": 10168700}}
    arrive(region, "dari luar negeri", channel=channel, **URGENT, **abroad)
    assert look(region, post) == [("mail", "sari", 1)]


def test_whoever_opens_it_ends_it_and_what_is_added_rings_anew(region: Region, post: Post) -> None:
    taken = region.file("satu", **URGENT)
    region.exchange()
    name = str(taken.envelope_id)
    look(region, post)
    region.hub.store.duty.silence(by=BUDI)
    region.hub.store.work.show_report(name, by=SARI)
    region.node().add_to_report(
        str(taken.code), "lagi", urgent=True, question=None, form_token="token-of-a-form-0001"
    )
    region.exchange()
    # No look in between: the ring that was silenced is over all the same.
    assert region.hub.store.duty.unseen(who=SARI) == 1
    assert look(region, post, STEP_S) == [("mail", "sari", 1)]
    region.hub.store.work.show_report(name, by=SARI)
    assert look(region, post, STEP_S) == []
    assert [ring.ended_at is None for ring in region.hub.store.duty.rings_of(name)] == [False, False]


def test_many_reports_are_one_message_with_a_count(region: Region, post: Post) -> None:
    arrive(region, "satu", "dua", "tiga", **URGENT)
    assert look(region, post) == [("mail", "sari", 3)]
    arrive(region, "empat", **URGENT)
    assert look(region, post) == [("mail", "sari", 1)]


def test_a_flood_is_told_whole_in_statements_that_both_databases_take(
    region: Region, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "CALLS_AT_ONCE", 2)
    names = arrive(region, "satu", "dua", "tiga", "empat", "lima", **URGENT)
    assert look(region, post) == [("mail", "sari", 5)]
    assert all(len(region.hub.store.duty.rings_of(name)[0].calls) == 1 for name in names)
    assert look(region, post) == [], "nobody is told twice"


def test_a_jumping_clock_rings_one_level_and_nobody_twice(region: Region, post: Post) -> None:
    arrive(region, "satu", **URGENT)
    assert look(region, post) == [("mail", "sari", 1)]
    region.clock.jump_wall(30 * 86_400)
    assert look(region, post) == [("mail", "budi", 1)]
    assert look(region, post) == []
    region.clock.jump_wall(-30 * 86_400)
    assert look(region, post) == []
    assert look(region, post, STEP_S) == [("mail", "ketut", 1)]


def test_only_those_whose_area_covers_the_village_are_rung(region: Region) -> None:
    duty, post = region.hub.store.duty, Post()
    keep_mail(region.hub_folder, LOCAL, "")
    for name, areas in (("ani", ("53",)), ("wayan", ("52.02",))):
        account(region, name, "analyst", *areas)
        duty.add_shifts(name, 1, WEEK, (0, 0), False, by=KETUT)
        duty.set_contact(name, f"{name}@kantor.example", "", by=KETUT)
    arrive(region, "satu", **URGENT)
    assert look(region, post) == [("mail", "wayan", 1)]
    arrive(region, "dua", village=OTHER_VILLAGE, **URGENT)
    assert look(region, post) == [("mail", "ani", 1)]
    assert duty.unseen(who=account(region, "made", "analyst", "53")) == 1


def test_nobody_on_duty_waits_for_the_first_who_comes(region: Region, post: Post) -> None:
    duty = region.hub.store.duty
    for kept in duty.roster(who=KETUT).shifts:
        duty.remove_shift(kept.number, by=KETUT)
    [name] = arrive(region, "satu", **URGENT)
    assert look(region, post, 5 * STEP_S) == []
    assert duty.rings_of(name)[0].level == 1
    for level, who in ((1, "sari"), (3, "ketut")):
        duty.add_shifts(who, level, WEEK, (0, 0), True, by=KETUT)
    assert look(region, post) == [("mail", "sari", 1)]
    assert look(region, post, STEP_S) == [("mail", "ketut", 1)]


def test_a_locked_account_is_not_rung(region: Region, post: Post) -> None:
    region.hub.store.administration.lock("sari", True, by="command line")
    arrive(region, "satu", **URGENT)
    assert look(region, post) == [("mail", "budi", 1)]


def test_a_failing_server_is_tried_again_ever_more_slowly_and_shown(region: Region, post: Post) -> None:
    post.fails = "the mail server did not take it (OSError)"
    [name] = arrive(region, "satu", **URGENT)
    began = region.clock.wall_s() + 60
    for after_s, tried in ((60, 1), (59, 1), (1, 2), (60, 2), (60, 3)):
        look(region, post, after_s)
        assert post.tried == tried
    [state] = [way for way in region.hub.store.duty.ways() if way.way == "mail"]
    assert (state.failing_since, state.problem) == (began, post.fails)
    post.fails = ""
    assert look(region, post, 240) == [("mail", "sari", 1)]
    assert region.hub.store.duty.ways()[0].problem is None
    [call] = region.hub.store.duty.rings_of(name)[0].calls
    assert call.tries == 4


def test_a_message_about_what_was_read_meanwhile_is_not_sent(region: Region, post: Post) -> None:
    post.fails = "away"
    [name] = arrive(region, "satu", **URGENT)
    look(region, post)
    region.hub.store.work.show_report(name, by=BUDI)
    post.fails = ""
    assert look(region, post, STEP_S) == []
    assert region.hub.store.duty.rings_of(name)[0].calls[0].given_up


def test_a_message_that_never_goes_is_given_up_and_noted(region: Region, post: Post) -> None:
    post.fails = "away"
    [name] = arrive(region, "satu", **URGENT)
    for _ in range(14):
        look(region, post, STEP_S)
    sari = region.hub.store.duty.rings_of(name)[0].calls[0]
    assert (sari.account, sari.tries, sari.given_up) == ("sari", 12, True)
    failed = [k.entry for k in region.hub.store.audit.entries() if k.entry.what == "ring failed"]
    assert [e.about for e in failed[:1]] == [f"report {name}"]


def test_every_way_of_a_person_is_used_and_who_has_none_has_the_wall(region: Region, post: Post) -> None:
    keep_hook(region.hub_folder, ("/bin/true",))
    duty = region.hub.store.duty
    duty.set_contact("sari", "sari@kantor.example", "0812-0000-3141", by=KETUT)
    duty.set_contact("budi", "", "", by=KETUT)
    [name] = arrive(region, "satu", **URGENT)
    assert look(region, post) == [("mail", "sari", 1), ("hook", "081200003141", 1)]
    assert look(region, post, STEP_S) == []
    budi = duty.rings_of(name)[0].calls[-1]
    assert (budi.account, budi.way, budi.sent_at) == ("budi", "wall", region.clock.wall_s())


def test_who_sees_it_at_the_wall_silences_it_and_the_levels_go_on(region: Region, post: Post) -> None:
    duty = region.hub.store.duty
    [name] = arrive(region, "satu", **URGENT)
    assert duty.unseen(who=SARI) == 1
    duty.silence(by=BUDI)  # before the job has looked
    assert duty.unseen(who=SARI) == 0
    assert look(region, post) == [("mail", "sari", 1)]
    assert look(region, post, STEP_S) == [("mail", "budi", 1)]
    [ring] = duty.rings_of(name)
    assert ring.seen_by == "budi"
    assert ("budi", "ring seen") in [(k.entry.by, k.entry.what) for k in region.hub.store.audit.entries()]
    arrive(region, "dua", **URGENT)
    assert duty.unseen(who=SARI) == 1


def test_the_job_is_claimed_like_the_others(region: Region) -> None:
    [job] = region.hub.store.duty.jobs()
    assert (job.name, job.every_s) == ("duty-ring", 60)
    assert job.name in [one.name for one in region.hub.jobs._jobs]
    memory, now = region.hub.store.jobs, region.clock.wall_s()
    assert [memory.claim_job(job, now), memory.claim_job(job, now)] == [True, False]
