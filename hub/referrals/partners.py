"""Partner agencies and their accounts. Implements `hub.referrals.services.PartnerServices`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.accounts.models import User
from hub.cases.states import StepRefused
from hub.languages import N_
from hub.referrals.dossier import PartnerView
from hub.referrals.legal_bases import KINDS
from hub.referrals.models import Partner, PartnerAccount
from hub.referrals.services import UnknownReferral
from hub.services import SignedIn
from hub.storage.statements import insert_new
from sync.areas.table import area_table
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

NAME_MAX_CHARACTERS = 120
CONTACT_MAX_CHARACTERS = 300


class Partners:
    """Keeps agencies. `note` notes an access, in the transaction of the change."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, *, note: Callable[[SignedIn, str, str, str], object]
    ) -> None:
        self._db = database
        self._writer = writer
        self._note = note

    def all(self) -> list[PartnerView]:
        """See `PartnerServices.all`."""
        connect(self._db)
        rows = Partner.select().order_by(Partner.active.desc(), Partner.name, Partner.id)
        return [self._view(row) for row in rows.execute(self._db)]

    def one(self, partner: int) -> PartnerView:
        """See `PartnerServices.one`."""
        connect(self._db)
        row = Partner.select().where(Partner.id == partner).first(self._db)
        if row is None:
            raise UnknownReferral
        return self._view(row)

    def _view(self, row: Any) -> PartnerView:
        members = (
            PartnerAccount.select().where(PartnerAccount.partner == row.id).order_by(PartnerAccount.user)
        )
        accounts = tuple(one.user for one in members.execute(self._db))
        return PartnerView(row.id, row.name, row.kind, row.contact, row.area, row.active, accounts)

    def save(
        self,
        partner: int | None,
        name: str,
        kind: str,
        contact: str,
        area: str,
        active: bool,
        *,
        who: SignedIn,
    ) -> int:
        """See `PartnerServices.save`."""
        name, contact, area = " ".join(name.split()), " ".join(contact.split()), area.strip()
        if not name or len(name) > NAME_MAX_CHARACTERS:
            raise StepRefused(N_("Nama lembaga berisi 1 sampai %(most)s huruf.", most=NAME_MAX_CHARACTERS))
        if kind not in KINDS:
            raise StepRefused(N_("Pilih jenis lembaga dari daftar."))
        if len(contact) > CONTACT_MAX_CHARACTERS:
            raise StepRefused(N_("Kontak paling banyak %(most)s huruf.", most=CONTACT_MAX_CHARACTERS))
        if area and area not in area_table():
            raise StepRefused(
                N_("Kode wilayah tidak dikenal. Tulis kode seperti 52 atau 52.02, atau kosongkan.")
            )
        row = {"name": name, "kind": kind, "contact": contact, "area": area, "active": active}

        def job() -> int:
            if partner is None:
                made = insert_new(self._db, Partner, **row)
                self._note(who, "agency made", f"agency {made}", "")
                return made
            self._note(who, "agency changed", f"agency {partner}", "")
            if not Partner.update(row).where(Partner.id == partner).execute(self._db):
                raise UnknownReferral
            return partner

        return self._writer.run(job)

    def set_account(self, partner: int, user: str, member: bool, *, who: SignedIn) -> None:
        """See `PartnerServices.set_account`."""

        def job() -> None:
            what = "agency account joined" if member else "agency account left"
            self._note(who, what, f"agency {partner}", user[:200])
            if not Partner.select().where(Partner.id == partner).exists(self._db):
                raise UnknownReferral
            if not member:
                here = (PartnerAccount.user == user) & (PartnerAccount.partner == partner)
                PartnerAccount.delete().where(here).execute(self._db)
                return
            if user not in self._free():
                raise StepRefused(N_("Pilih akun berperan lembaga mitra yang belum punya lembaga."))
            PartnerAccount.insert(user=user, partner=partner).execute(self._db)

        self._writer.run(job)

    def free_accounts(self) -> list[str]:
        """See `PartnerServices.free_accounts`."""
        connect(self._db)
        return self._free()

    def _free(self) -> list[str]:
        taken = PartnerAccount.select(PartnerAccount.user)
        free = User.select(User.name).where((User.role == "agency") & User.name.not_in(taken))
        return [row.name for row in free.order_by(User.name).execute(self._db)]

    def agency(self, *, who: SignedIn) -> PartnerView | None:
        """Return the agency in use to which an account belongs."""
        connect(self._db)
        row = (
            Partner.select()
            .join(PartnerAccount, on=(PartnerAccount.partner == Partner.id))
            .where((PartnerAccount.user == who.name) & (Partner.active == True))  # noqa: E712
            .first(self._db)
        )
        return None if row is None else self._view(row)
