"""A weekly report goes by e-mail to a real server, to whom was written down; the mail tells nothing."""

from __future__ import annotations

import io
import socket
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pypdf import PdfReader
from village import Region

from hub.duty.retries import WAITS_S
from hub.duty.ways import MailServer, keep_mail
from hub.referrals.paper_process import PaperFailed
from hub.weekly.mailing import Receiver, ReceiverRefused
from hub.weekly.models import WeeklyMail
from hub.weekly.reports import PATIENCE_S
from hub.weekly.services import name_of
from sync.link_quality import DAY_S


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope.content)
        return "250 OK"


@pytest.mark.parametrize("database_url", [None])  # queries as those of bulletins
def test_nothing_is_sent_before_somebody_is_written_down(region: Region) -> None:
    store = region.hub.store
    region.node()
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    mailing = store.weekly.mailing
    with pytest.raises(ReceiverRefused):
        mailing.add("kantor", "public", "id", by="test")
    with pytest.raises(ReceiverRefused):
        mailing.add("kantor@lembaga.example", "all", "id", by="test")
    store.weekly.reports.catch_up()
    mailing.add("kantor@lembaga.example", "public", "en", by="test")
    mailing.turn()
    assert mailing.receivers() == [Receiver("kantor@lembaga.example", "public", "en", 0, 0)]


@pytest.mark.parametrize("database_url", [None])  # queries as those of bulletins
def test_a_new_report_waits_for_the_server_and_arrives_once(region: Region) -> None:
    store = region.hub.store
    region.node()
    mailing = store.weekly.mailing
    mailing.add("kantor@lembaga.example", "public", "en", by="test")
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    [week] = store.weekly.reports.weeks_due()
    store.weekly.reports.catch_up()
    mailing.turn()
    assert mailing.receivers()[0].waiting == 1, "no server is configured"
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Controller(box, hostname="127.0.0.1", port=port, ident="test")
    keep_mail(region.hub_folder, MailServer("127.0.0.1", port, "none", "hub@kantor.example"), "")
    region.clock.advance(WAITS_S[0])
    server.start()
    try:
        mailing.turn()
        mailing.turn()
    finally:
        server.stop()
    [raw] = box.got
    message = message_from_bytes(raw, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("kantor@lembaga.example", "Kentongan: weekly report")
    body = message.get_body()
    assert body is not None
    assert body.get_content().strip() == "The weekly report is attached."
    [file] = message.iter_attachments()
    assert file.get_filename() == f"kentongan-{name_of(week)}-en.pdf"
    page = PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()
    assert "For readers outside" in page
    assert mailing.receivers()[0].waiting == 0
    assert mailing.remove("kantor@lembaga.example", by="test")
    assert not mailing.remove("kantor@lembaga.example", by="test")


@pytest.mark.parametrize("database_url", [None])
def test_what_waits_for_an_address_still_waits_when_its_language_changes(region: Region) -> None:
    store = region.hub.store
    region.node()
    mailing = store.weekly.mailing
    for address in ("kantor@lembaga.example", "lain@lembaga.example"):
        mailing.add(address, "public", "en", by="test")
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    store.weekly.reports.catch_up()
    mailing.add("kantor@lembaga.example", "internal", "id", by="test")
    assert mailing.receivers() == [
        Receiver("kantor@lembaga.example", "internal", "id", 1, 0),
        Receiver("lain@lembaga.example", "public", "en", 1, 0),
    ]


@pytest.mark.parametrize("database_url", [None])
def test_a_correction_goes_to_readers_inside_only_and_a_broken_paper_holds_up_nobody(region: Region) -> None:
    store = region.hub.store
    region.node()
    mailing = store.weekly.mailing
    mailing.add("dalam@kantor.example", "internal", "id", by="test")
    mailing.add("luar@lembaga.example", "public", "id", by="test")
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    [week] = store.weekly.reports.weeks_due()
    store.weekly.reports.catch_up()
    assert [one.waiting for one in mailing.receivers()] == [1, 1]
    store.weekly.reports.make(week, again=True)
    # The version for outside is always the first: it would be the same once more.
    assert [one.waiting for one in mailing.receivers()] == [2, 1]

    def paper(week: int, version: int, audience: str, language: str) -> bytes:
        if audience == "internal":
            raise PaperFailed
        return b"%PDF"

    mailing._paper = paper
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = int(nobody.getsockname()[1])
        keep_mail(region.hub_folder, MailServer("127.0.0.1", port, "none", "hub@kantor.example"), "")
        mailing.turn()
    tried = WeeklyMail.select().order_by(WeeklyMail.id).execute(store.database)
    drawn = "the PDF could not be drawn"
    assert [(row.tries, row.problem == drawn) for row in tried] == [(1, True), (1, False), (1, True)]
