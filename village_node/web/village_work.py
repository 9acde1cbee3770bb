"""The facilitator's work beside the sessions: walk-in reports, notices, the ledger, data out and in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask

from sync.media.cleaning import Cleaner
from village_node.content_desk import ContentDesk
from village_node.departures import Departures
from village_node.link_desk import LinkDesk
from village_node.notices import Notices
from village_node.services import PublicServices
from village_node.web.carry_pages import create_carry_pages
from village_node.web.departure_pages import create_departure_pages
from village_node.web.facilitator_notice_pages import create_facilitator_notice_pages
from village_node.web.notice_players import SoundOf
from village_node.web.uploads import UploadDesk
from village_node.web.walk_in_pages import PAPER, WALK_IN, create_paper_pages, create_walk_in_pages

NAV: tuple[tuple[str, str, str], ...] = (
    ("/bantu-lapor", "Bantu warga melapor", "report"),
    ("/pengumuman", "Pengumuman dan peluang", "signs"),
    ("/surat", "Buku surat keberangkatan", "document"),
    ("/data", "Data keluar dan masuk", "send"),
)


@dataclass(frozen=True)
class VillageWork:
    """What these pages ask of the box. Nothing in it opens a report."""

    reports: PublicServices
    notices: Notices
    sound_of: SoundOf
    departures: Departures
    desk: LinkDesk
    material: ContentDesk
    village_code: str
    village_name: str
    """Without the word "Desa"; stands on the slip of who came in person."""


def add_village_work(app: Flask, work: VillageWork) -> None:
    """Put the pages into the facilitator's site."""
    uploads = UploadDesk(Cleaner())
    app.jinja_env.globals["coupon_village"] = work.village_name
    for place in (WALK_IN, PAPER):
        here = replace(place, village_code=work.village_code)
        app.register_blueprint(create_walk_in_pages(work.reports, uploads, here))
    app.register_blueprint(create_paper_pages())
    app.register_blueprint(create_facilitator_notice_pages(work.notices, work.sound_of))
    app.register_blueprint(create_departure_pages(work.departures))
    app.register_blueprint(create_carry_pages(work.desk, work.material))
