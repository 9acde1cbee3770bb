"""A hub with agencies to which reports are referred."""

from __future__ import annotations

import datetime

from inbox_arrivals import SARI, arrive
from village import VILLAGE, Region

from hub.referrals.dossier import CONSENT, Basis, Choices
from hub.referrals.fields import FIELDS
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
AGENCY, OTHER_AGENCY = SignedIn("polres", "agency"), SignedIn("lpsk", "agency")
EVERYTHING = tuple(field.key for field in FIELDS)
NARRATIVE = (
    "Pak Wayan Contoh (0812-0000-4321) mengajak Melati Sekar, anak 16 tahun, ke Batam. Kata ibunya, "
    "Melatinya disuruh diam. Hubungi +62 812 0000 4321 atau nol delapan satu dua nol nol nol nol "
    "empat tiga dua satu."
)
SECRETS = ("melati", "sekar", "wayan", "4321", "batam", "0000")
HIDDEN = ("Melati", "sekar", "Wayan", "0812-0000-4321", "Batam", "081300009999")
FIELDS_OF_REPORT = {
    "urgency": "now",
    "place": "52.02.08.2001",
    "place_text": "dermaga Batam lama",
    "observed_on": "2027-01-10",
    "indicators": ["child", "documents_held", "online_recruitment", "violence"],
    "recruiter": {
        "name": "Wayan Contoh",
        "company": "=PT Contoh",
        "social": "fb:wayan.contoh",
        "phone": "+62812",
    },
    "offer": {"destination": "MY", "job": "domestic", "wage_idr": 5_000_000, "route": "lewat Batam"},
    "people": {"children": 1},
    "reporter": {"relation": "self", "contact": "0813-0000-9999", "refer": True},
}


class ReferralDesk:
    """Two agencies, an account of each, and a way to refer."""

    def __init__(self, region: Region) -> None:
        self.region = region
        store = region.hub.store
        for who in (AGENCY, OTHER_AGENCY):
            store.accounts.add(who.name, who.role, "kentongan bertalu-talu")
        save = store.sharing.partners.save
        self.police = save(None, "Polres Contoh", "polri", "(0370) 0000-110", "52", True, who=KETUT)
        self.other = save(None, "LPSK", "lpsk", "", "", True, who=KETUT)
        store.sharing.partners.set_account(self.police, AGENCY.name, True, who=KETUT)
        store.sharing.partners.set_account(self.other, OTHER_AGENCY.name, True, who=KETUT)

    @property
    def today(self) -> datetime.date:
        return self.region.hub.store.inbox.today()

    def arrive(self, village: str = VILLAGE, **fields: object) -> str:
        [report] = arrive(self.region, NARRATIVE, village=village, **{**FIELDS_OF_REPORT, **fields})
        return report

    def choices(self, partner: int | None = None, **changes: object) -> Choices:
        chosen: dict[str, object] = {
            "partner": self.police if partner is None else partner,
            "fields": EVERYTHING,
            "hidden": HIDDEN,
            "basis": Basis(CONSENT, "spoken", "reporter", self.today),
            "purpose": "Periksa dermaga Batam",
            "reason": "AdditionalServicesRequired",
            "due": self.today + datetime.timedelta(3),
        }
        return Choices(**{**chosen, **changes})  # type: ignore[arg-type]

    def refer(
        self,
        report: str,
        partner: int | None = None,
        replaces: str | None = None,
        who: SignedIn = SARI,
        **changes: object,
    ) -> str:
        """Refer a report, or a case by its number."""
        about = f"report {report}" if len(report) > 12 else f"case {report}"
        choices, referrals = self.choices(partner, **changes), self.region.hub.store.sharing.referrals
        preview = referrals.preview(about, choices, replaces, who=who)
        return referrals.make(about, choices, replaces, preview.seen, who=who)
