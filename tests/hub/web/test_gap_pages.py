"""Gaps on the pages: read by those who read reports, answered and declined by those who keep the hub."""

from __future__ import annotations

import pytest
from village import VILLAGE, Region

from tests.hub.web.conftest import Browser, HubInMemory, hidden_fields

ANSWER = {
    "title": "Cuti",
    "lines": "Tanya di KJRI.\r\n\r\nBawa paspor.",
    "asks": "boleh cuti\r\ncuti hamil",
    "source": "KJRI Hong Kong",
    "dated": "2026-11",
}


@pytest.mark.parametrize("database_url", [None])
def test_a_supervisor_answers_and_declines_and_an_analyst_only_reads(region: Region) -> None:
    region.node().questions.send("boleh cuti di <hongkong>", "id", token="one")
    region.settle()
    for name, role in (("sari", "analyst"), ("budi", "supervisor")):
        region.hub.store.accounts.add(name, role, HubInMemory.PASSWORD)
    analyst, supervisor = (Browser(region.hub.create_app()) for _ in range(2))
    analyst.sign_in("sari")
    supervisor.sign_in("budi")
    assert "boleh cuti di &lt;hongkong&gt;" in analyst.read("/celah")
    page = analyst.read("/celah/1")
    assert "Simpan jawaban" not in page
    assert f"Pringgarata ({VILLAGE}), bahasa Indonesia," in page, "places and languages by their names"
    assert analyst.client.get("/celah/2").status_code == 404
    _, answering, deciding = _forms(supervisor.read("/celah/1"))
    refused = supervisor.client.post("/celah/1/jawab", data={**answering, **ANSWER, "dated": "kemarin"})
    assert refused.status_code == 422
    assert "Tanggal sumber:" in refused.text
    assert "cuti hamil" in refused.text
    assert supervisor.client.post("/celah/1/jawab", data={**answering, **ANSWER}).status_code == 303
    [(_, kept)] = region.hub.store.gaps.answers()
    assert (kept.lines, kept.asks) == (("Tanya di KJRI.", "Bawa paspor."), ("boleh cuti", "cuti hamil"))
    assert "KJRI Hong Kong" in analyst.read("/celah/1")
    no_reason = supervisor.client.post("/celah/1/putus", data={**deciding, "state": "declined"})
    assert no_reason.status_code == 422
    done = supervisor.client.post(
        "/celah/1/putus", data={**deciding, "state": "declined", "why": "sudah ada"}
    )
    assert done.status_code == 303
    assert "sudah ada" in supervisor.read("/celah?keadaan=declined") + supervisor.read("/celah/1")


def _forms(page: str) -> list[dict[str, str]]:
    return [hidden_fields(form) for form in page.split("<form ")[1:]][-3:]
