"""The plan of the duty roster in the database: who may change what of it, and each change in the log."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from hub.accounts.areas import lies_within
from hub.accounts.models import User, UserArea
from hub.duty.models import DutyChange, DutyContact, DutyShift
from hub.duty.plan import Change, DutyRefused, Plan, Shift, check_shift, read_day
from hub.duty.services import Contact, KeptChange, KeptShift
from hub.languages import N_
from hub.services import READING_ROLES, SignedIn
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

PLAN = "duty plan"
MOST_ROWS = 2000
_EPOCH = date(1970, 1, 1)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_NOT_YOURS = N_("Akun itu tidak dapat bertugas, atau bukan dari wilayah Anda.")


class Roster:
    """Keeps the plan. `note` is `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: tzinfo,
        note: Callable[[SignedIn | str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._zone = zone
        self._note = note

    def local_now(self) -> datetime:
        """Return the time where the hub is."""
        return datetime.fromtimestamp(self._clock.wall_s(), self._zone)

    # -- reading ----------------------------------------------------------------------------------

    def accounts(self) -> dict[str, SignedIn]:
        """Return all accounts that can be on duty: those that may read reports and are not locked."""
        connect(self._db)
        areas: dict[str, list[str]] = {}
        for row in UserArea.select().order_by(UserArea.code).execute(self._db):
            areas.setdefault(row.user, []).append(row.code)
        rows = User.select().where(User.role.in_(READING_ROLES) & ~User.locked).order_by(User.name)
        return {
            row.name: SignedIn(row.name, row.role, tuple(areas.get(row.name, ())))
            for row in rows.execute(self._db)
        }

    def plan(self) -> Plan:
        """Return the plan as it stands."""
        connect(self._db)
        shifts = tuple(_shift(row) for row in DutyShift.select().execute(self._db))
        yesterday = _number(self.local_now().date() - timedelta(days=1))
        rows = DutyChange.select().where(DutyChange.day >= yesterday).execute(self._db)
        return Plan(shifts, tuple(Change(_day(row.day), row.account, _changed(row)) for row in rows))

    def shifts(self, who: SignedIn) -> tuple[KeptShift, ...]:
        """Return the weekly shifts of those whose areas touch those of `who`."""
        accounts = self.accounts()
        order = (DutyShift.weekday, DutyShift.begins, DutyShift.level, DutyShift.account)
        return tuple(
            KeptShift(row.id, _shift(row), _within(who, accounts.get(row.account)))
            for row in DutyShift.select().order_by(*order).execute(self._db)
            if _touch(who, accounts.get(row.account))
        )

    def changes(self, who: SignedIn) -> tuple[KeptChange, ...]:
        """Return the days that differ from today on, as far as they touch the areas of `who`."""
        accounts = self.accounts()
        today = _number(self.local_now().date())
        query = DutyChange.select().where(DutyChange.day >= today).order_by(DutyChange.day, DutyChange.id)
        return tuple(
            KeptChange(
                row.id, _day(row.day), row.account, _changed(row), self._may(who, row.account, accounts)
            )
            for row in query.execute(self._db)
            if row.account is None or _touch(who, accounts.get(row.account))
        )

    def editable(self, who: SignedIn) -> tuple[str, ...]:
        """Return the accounts whose shifts and contact `who` may change."""
        return tuple(name for name, account in self.accounts().items() if _within(who, account))

    def contacts(self, who: SignedIn) -> tuple[Contact, ...]:
        """Return how each of those is told."""
        kept = {row.account: row for row in DutyContact.select().execute(self._db)}
        return tuple(
            Contact(name, kept[name].mail if name in kept else "", kept[name].phone if name in kept else "")
            for name in self.editable(who)
        )

    def contact_of(self, account: str) -> Contact:
        """Return how one account is told."""
        row = DutyContact.select().where(DutyContact.account == account).first(self._db)
        return Contact(account, "", "") if row is None else Contact(account, row.mail, row.phone)

    # -- changing ---------------------------------------------------------------------------------

    def _may(self, by: SignedIn, account: str | None, accounts: dict[str, SignedIn]) -> bool:
        return not by.areas if account is None else _within(by, accounts.get(account))

    def _check(self, by: SignedIn, account: str | None) -> None:
        if account is None and by.areas:
            raise DutyRefused(N_("Hari libur seluruh kantor diatur oleh yang melihat seluruh wilayah hub."))
        if account is not None and not self._may(by, account, self.accounts()):
            raise DutyRefused(_NOT_YOURS)

    def _change(self, by: SignedIn, what: str, about: str, job: Callable[[], object]) -> None:
        def whole() -> None:
            self._note(by, what, about)
            job()

        self._writer.run(whole)

    def add_shifts(
        self,
        account: str,
        level: int,
        weekdays: list[int],
        hours: tuple[int, int],
        only_urgent: bool,
        *,
        by: SignedIn,
    ) -> None:
        """See `DutyServices.add_shifts`."""
        self._check(by, account)
        if not weekdays:
            raise DutyRefused(N_("Pilih paling sedikit satu hari."))
        new = [check_shift(Shift(account, level, day, *hours, only_urgent)) for day in sorted(set(weekdays))]
        if DutyShift.select().count(self._db) + len(new) > MOST_ROWS:
            raise DutyRefused(N_("Jadwal memuat paling banyak %(most_rows)s giliran.", most_rows=MOST_ROWS))
        rows = [vars(shift) for shift in new if shift not in self.plan().shifts]
        if rows:
            insert = DutyShift.insert_many(rows)
            self._change(by, "duty shift added", f"account {account}", lambda: insert.execute(self._db))

    def remove_shift(self, number: int, *, by: SignedIn) -> None:
        """See `DutyServices.remove_shift`."""
        self._remove(DutyShift, number, "duty shift removed", by)

    def add_change(
        self, day: str, account: str | None, shift: tuple[int, int, int, bool] | None, *, by: SignedIn
    ) -> None:
        """See `DutyServices.add_change`."""
        on = read_day(day, self.local_now().date())
        self._check(by, account)
        row: dict[str, object] = {"day": _number(on), "account": account}
        if shift is not None:
            if account is None:
                raise DutyRefused(N_("Pilih siapa yang bertugas tambahan."))
            level, begins, ends, only_urgent = shift
            check_shift(Shift(account, level, on.weekday(), begins, ends, only_urgent))
            row |= {"level": level, "begins": begins, "ends": ends, "only_urgent": only_urgent}
        if (
            DutyChange.select().where(DutyChange.day >= _number(self.local_now().date())).count(self._db)
            >= MOST_ROWS
        ):
            raise DutyRefused(N_("Hari khusus paling banyak %(most_rows)s.", most_rows=MOST_ROWS))
        same = [c for c in self.plan().changes if (c.day, c.account) == (on, account)]
        if any(_told(change.shift) == shift for change in same):
            return  # a double click
        about = PLAN if account is None else f"account {account}"
        self._change(by, "duty day added", about, lambda: DutyChange.insert(row).execute(self._db))

    def remove_change(self, number: int, *, by: SignedIn) -> None:
        """See `DutyServices.remove_change`."""
        self._remove(DutyChange, number, "duty day removed", by)

    def _remove(self, model: Any, number: int, what: str, by: SignedIn) -> None:
        connect(self._db)
        row = model.select().where(model.id == number).first(self._db)
        if row is None:
            return
        if row.account is not None and row.account not in self.accounts():
            # The account is locked or gone: its shifts stay until somebody of the whole region clears them.
            if by.areas:
                raise DutyRefused(_NOT_YOURS)
        else:
            self._check(by, row.account)
        about = PLAN if row.account is None else f"account {row.account}"
        self._change(by, what, about, lambda: model.delete().where(model.id == number).execute(self._db))

    def set_contact(self, account: str, mail: str, phone: str, *, by: SignedIn) -> None:
        """See `DutyServices.set_contact`."""
        self._check(by, account)
        mail, phone = mail.strip(), re.sub(r"[\s().\u2010-\u2015\u2212-]", "", phone)
        if mail and _MAIL.fullmatch(mail) is None:
            raise DutyRefused(N_("Tulis alamat surel seperti nama@kantor.go.id."))
        if phone and re.fullmatch(r"\+?[0-9]{8,15}", phone) is None:
            raise DutyRefused(N_("Tulis nomor telepon dengan 8 sampai 15 angka."))
        row = {"account": account, "mail": mail, "phone": phone}
        put_row = DutyContact.insert(row).on_conflict(
            conflict_target=[DutyContact.account], update={DutyContact.mail: mail, DutyContact.phone: phone}
        )

        def job() -> None:
            self._note(by, "duty contact set", f"account {account}")
            put_row.execute(self._db)

        self._writer.run(job)


def _shift(row: Any) -> Shift:
    return Shift(row.account, row.level, row.weekday, row.begins, row.ends, bool(row.only_urgent))


def _changed(row: Any) -> Shift | None:
    if row.level is None:
        return None
    weekday = _day(row.day).weekday()
    return Shift(row.account, row.level, weekday, row.begins, row.ends, bool(row.only_urgent))


def _told(shift: Shift | None) -> tuple[int, int, int, bool] | None:
    return None if shift is None else (shift.level, shift.begins, shift.ends, shift.only_urgent)


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _below(code: str, areas: tuple[str, ...]) -> bool:
    return any(code == area or code.startswith(f"{area}.") for area in areas)


def _within(who: SignedIn, account: SignedIn | None) -> bool:
    """Return whether all that an account sees lies in the areas of `who`."""
    return not who.areas or (account is not None and lies_within(account.areas, who))


def _touch(who: SignedIn, account: SignedIn | None) -> bool:
    """Return whether an account and `who` see anything in common."""
    if not who.areas:
        return True
    if account is None:
        return False
    if not account.areas:
        return True
    return any(_below(a, who.areas) for a in account.areas) or any(
        _below(a, account.areas) for a in who.areas
    )
