"""Dossiers are sealed under a key for each version, and unreadable without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inbox_arrivals import BUDI, SARI
from referral_desk import AGENCY, ReferralDesk
from village import Region, dump

from hub.cases.states import StepRefused
from hub.models import Setting
from hub.referrals.models import Referral, ReferralStep
from hub.referrals.services import UnknownReferral
from hub.retention.contents import MARK, ReportContents
from hub.retention.key_copies import keys_file_of
from hub.retention.key_models import ReportKey

PURPOSE, ANSWER, HIDDEN_WORD = "Zebrafinken di dermaga", "Zebrafinken dicari", "Zebrakakak"


@pytest.fixture
def desk(region: Region) -> ReferralDesk:
    return ReferralDesk(region)


def referred(region: Region, desk: ReferralDesk) -> str:
    name = desk.refer(desk.arrive(), purpose=PURPOSE, hidden=("Melati", HIDDEN_WORD))
    region.hub.store.sharing.agency_desk.answer(name, "answered", ANSWER, who=AGENCY)
    return name


def read_all(region: Region, name: str) -> tuple[str, list[str], tuple[str, ...], bool]:
    referrals = region.hub.store.sharing.referrals
    view = referrals.view(name, who=SARI)
    _, choices = referrals.choices_of(name, who=SARI)
    texts = [step.text for step in view.history if step.text]
    in_file = PURPOSE in json.dumps(
        json.loads(referrals.file(name, "json", who=SARI).content), ensure_ascii=False
    )
    return str(view.content["purpose"]), texts, choices.hidden, in_file


ALL = (PURPOSE, [ANSWER], ("Melati", HIDDEN_WORD), True)


def in_plain(region: Region) -> bool:
    tables = dump(region.hub_folder)
    return "Zebra" in repr([tables["referral"], tables["referral_step"]])


def test_no_row_holds_a_word_of_a_dossier(region: Region, desk: ReferralDesk) -> None:
    name = referred(region, desk)
    assert read_all(region, name) == ALL
    assert not in_plain(region)
    assert region.hub.store.sharing.agency_desk.agency_view(name, who=AGENCY).content["purpose"] == PURPOSE


def test_forgetting_deletes_the_key_of_every_version(region: Region, desk: ReferralDesk) -> None:
    report = desk.arrive()
    first = desk.refer(report, purpose=PURPOSE)
    second = desk.refer(report, replaces=first, purpose=PURPOSE)
    other = desk.refer(desk.arrive(), purpose=PURPOSE)
    store = region.hub.store
    store.forgetting.forget([report], by=BUDI, reason="masa simpan habis")
    owners = {row.owner for row in ReportKey.select().execute(store.database)}
    numbers = {row.name: f"referral {row.id}" for row in Referral.select().execute(store.database)}
    assert {numbers[first], numbers[second]} & owners == set()
    assert numbers[other] in owners
    for name in (first, second):
        assert store.sharing.referrals.view(name, who=SARI).content == {}
        with pytest.raises(UnknownReferral):
            store.sharing.referrals.choices_of(name, who=SARI)


def test_nothing_is_written_about_a_forgotten_dossier(region: Region, desk: ReferralDesk) -> None:
    report = desk.arrive()
    name = desk.refer(report, purpose=PURPOSE)
    store = region.hub.store
    store.forgetting.forget([report], by=BUDI, reason="masa simpan habis")
    keys = ReportKey.select().count(store.database)
    with pytest.raises(StepRefused, match="sudah dihapus"):
        store.sharing.agency_desk.answer(name, "answered", "Melati sudah pulang.", who=AGENCY)
    assert ReportKey.select().count(store.database) == keys, "a key that nothing would ever delete"
    assert store.sharing.referrals.view(name, who=SARI).row.state == "sent"


def test_without_its_key_a_dossier_is_not_there(region: Region, desk: ReferralDesk) -> None:
    name = referred(region, desk)
    store = region.hub.store
    ReportKey.delete().where(ReportKey.owner.startswith("referral ")).execute(store.database)
    view = store.sharing.referrals.view(name, who=SARI)
    assert (view.content, [step.text for step in view.history if step.text]) == ({}, [])
    with pytest.raises(UnknownReferral):
        store.sharing.referrals.file(name, "csv", who=SARI)
    with pytest.raises(UnknownReferral):
        store.sharing.agency_desk.agency_file(name, "csv", who=AGENCY)


def make_plain(region: Region) -> None:
    """Put referrals back to how an earlier version left them."""
    store, texts = region.hub.store, region.hub.store.sharing.referrals._records.texts
    for row in Referral.select().execute(store.database):
        content = json.dumps(texts.content(row), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        plain = {"content": content, "choices": texts.choices(row)}
        for step in ReferralStep.select().where(ReferralStep.referral == row.id).execute(store.database):
            [text] = texts.step_texts(row.id, [step.text])
            ReferralStep.update(text=text).where(ReferralStep.id == step.id).execute(store.database)
        Referral.update(plain).where(Referral.id == row.id).execute(store.database)
    ReportKey.delete().where(ReportKey.owner.startswith("referral ")).execute(store.database)
    Setting.delete().where(Setting.key == "referrals-sealed").execute(store.database)


def test_what_came_before_is_sealed_though_it_is_cut_off(
    region: Region, desk: ReferralDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = referred(region, desk)
    make_plain(region)
    assert in_plain(region)
    assert read_all(region, name) == ALL
    whole = ReportContents._fill_texts

    def cut_off(self: ReportContents, model: type, *more: object) -> None:
        if model is ReferralStep:
            raise RuntimeError("the plug")
        whole(self, model, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(ReportContents, "_fill_texts", cut_off)
    with pytest.raises(RuntimeError):
        region.hub.store.contents.fill()
    monkeypatch.setattr(ReportContents, "_fill_texts", whole)
    [row] = Referral.select().execute(region.hub.store.database)
    assert row.content.startswith(MARK)
    assert read_all(region, name) == ALL
    region.restart_hub()
    assert not in_plain(region)
    assert read_all(region, name) == ALL


def test_an_older_copy_in_plain_opens_with_newer_keys(
    region: Region, desk: ReferralDesk, tmp_path: Path
) -> None:
    name = referred(region, desk)
    make_plain(region)
    copy = tmp_path / "old.copy"
    region.hub.store.jobs.copy(copy)
    region.restart_hub()  # seals them under keys of its own, which are the newest
    newer = tmp_path / "new.copy"
    region.hub.store.jobs.copy(newer)
    keys_file_of(newer).replace(keys_file_of(copy))
    region.restore_hub(copy)
    assert not in_plain(region)
    assert read_all(region, name) == ALL
