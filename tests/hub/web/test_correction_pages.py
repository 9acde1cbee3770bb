"""Marking somebody as wrongly named, the note on reports, and referrals that must be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from inbox_arrivals import arrive
from linked_reports import BUDI, WAYAN, LinkedReports
from office import Officer
from referral_desk import ReferralDesk
from village import Region, quick_folder

from hub.cases.states import StepRefused
from hub.services import SignedIn

STORY = "Wayan Contohe mengajak ke Batam, telepon 081200004321."
KETUT = SignedIn("ketut", "administrator")


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_a_supervisor_corrects_and_every_report_says_so(region: Region) -> None:
    desk, linked = ReferralDesk(region), LinkedReports(region)
    first, second = arrive(region, STORY, "-", recruiter=WAYAN)
    linked.link()
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    old = desk.refer(first, fields=("narrative", "recruiter.name", "recruiter.phone"))
    [third] = arrive(region, STORY, recruiter=WAYAN, reporter={"refer": False})
    waits = desk.refer(third, fields=("narrative",))
    linked.link()
    linked.work.decide("recruiter", first, third, same=True, reason="", who=BUDI)
    budi, sari = Officer(region, "budi", "supervisor"), Officer(region, "ani", "analyst")
    budi.sign_in()
    sari.sign_in()
    where = f"/orang/{person}/koreksi"
    assert where in budi.read(f"/orang/{person}")
    assert where not in sari.read(f"/orang/{person}")
    assert sari.get(where).status_code == 403
    assert budi.post(where, page=where, go="mark", reason="").status_code == 422
    assert budi.post(where, page=where, go="mark", reason="Nama yang sama").status_code == 303
    page = budi.read(where)
    assert "Contohe" not in page
    assert f"/rujuk?ganti={old}" in page
    assert f"Orang nomor {person}" in budi.read("/koreksi")
    for path in (f"/orang/{person}", f"/orang/{person}/garis-waktu", f"/orang/{person}/jaringan.svg"):
        assert sari.get(path).status_code == 404
    report = sari.read(f"/reports/{first}")
    assert "salah disebut: <bdi>budi</bdi>" in report
    assert STORY in report  # the text is as it came
    with pytest.raises(StepRefused, match="salah disebut"):
        region.hub.store.sharing.referrals.approve(waits, who=KETUT)
    new = desk.refer(first, replaces=old, fields=("narrative", "recruiter.name", "recruiter.phone"))
    content = str(region.hub.store.sharing.referrals.view(new, who=BUDI).content)
    assert "Koreksi: orang yang semula disebut" in content
    for word in ("Contohe", "4321"):
        assert word not in content
    _, choices = region.hub.store.sharing.referrals.choices_of(new, who=BUDI)
    assert "Contohe" not in str(choices)
    assert f"/rujuk?ganti={old}" not in budi.read(where)
    assert budi.post(where, page=where, go="undo", reason="Ternyata benar").status_code == 303
    assert "salah disebut: <bdi>" not in sari.read(f"/reports/{first}")
    assert "Contohe" in sari.read(f"/orang/{person}")
    assert budi.get("/orang/99/koreksi").status_code == 404
