"""IOM HTCDS 2.0 (24 December 2021, CC BY 4.0): its fields and lists, and a report as one row of them. Pure.

Field names and codes are those of the standard; what we do not know stays empty and nothing is guessed: a
report is no finding, so nobody becomes a victim, a forced labourer or a perpetrator here beyond what was
told. What the standard lacks about recruiters stands in columns of our own, `kentongan_...`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hub.linking.phones import as_e164
from sync.areas.table import area_names

STANDARD: Final = "IOM HTCDS 2.0"
Row = dict[str, str | list[str]]


def _prefixed(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in names.split())


STANDARD_FIELDS: Final = (
    *_prefixed(
        "org",
        "Name ShippingCity ShippingCountry ShippingState ShippingStreet ShippingPostalCode ShippingLongitude "
        "ShippingLatitude Phone Type",
    ),
    *_prefixed(
        "prs",
        "Salutation FirstName SecondName Birthdate Gender Citizenship Title Email HomePhone MobilePhone "
        "MailingCity MailingCountry MailingState MailingStreet MailingPostalCode MiddleName Deceased "
        "MaritalStatus NumberOfChildren PrimaryLanguage SecondaryLanguage HighestLevelOfEducation "
        "IdentityNumber MailingLongitude MailingLatitude",
    ),
    *_prefixed(
        "vic",
        "TraffickingStatus TraffickingStatusDecisionMakingOrg MethodOfRecruitment LocationOfRecruitment "
        "MethodsOfControl TypeOfExploitation ForcedLabourIndustry TypeOfSexExploitation "
        "LocationOfExploitation RelationshipToTrafficker AgeWhenTrafficked RecruitmentWebsitesAndApps "
        "ExploitationWebsitesAndApps",
    ),
    *_prefixed("per", "RoleInProcess RoleDetails Organisation"),
    *_prefixed(
        "cas",
        "Status ReasonForCaseClosure CaseOwner ReferringOrganisation IncomingReferralDate "
        "ReferringPrimaryCaseWorker ReasonForIncomingReferral ReasonForOutgoingReferral "
        "IncomingReferralDetails ReferredOrganisation ReferredPrimaryCaseWorker OutgoingReferralDate "
        "OutgoingReferralDetails",
    ),
    "cco_CaseComment",
    *_prefixed("hte", "Longitude Latitude City Country State Street PostalCode Date Type Description"),
    *_prefixed("spl", "Objectives ActionPlan PlannedEndDate ActualEndDate Type"),
    "con_Consent",
)
OWN_FIELDS: Final = _prefixed(
    "kentongan",
    "CaseId Kind Urgency RecruiterName RecruiterAlias RecruiterPhone RecruiterSocial VehiclePlate "
    "LicenceShown Destination Job WageIdr FeeIdr DepartureDate Route Women Men Children Indicators "
    "ReporterRelation ReporterContact ContactSafely Language Additions",
)
"""Extensions, as the standard's guidance asks of helplines."""
FIELDS: Final = (*STANDARD_FIELDS, *OWN_FIELDS)

REFERRAL_REASONS: Final = ("AdditionalServicesRequired", "MigrationOrChangeOfLocation", "Other")
CASE_STATUSES: Final = ("Active", "FollowUp", "Closed", "ClosedReferred")
TRAFFICKING_STATUSES: Final = (
    *("PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking"),
)
ORGANISATION_TYPES: Final = (
    *("NGO", "LawEnforcement", "HealthServiceOrganisation", "CentralGovernmentOrganisation"),
    *("LocalGovernmentOrganisation", "ImmigrationService", "LegalService", "CorporateBusiness"),
    "SchoolOrCollege",
)
METHODS_OF_RECRUITMENT: Final = (
    *("AtAPlaceOfBusiness", "AtAnEducationalInstitution", "AtWork", "ThroughOnlineSocialNetworks"),
    *("ThroughAnOnlineAdvertisement", "ThroughATelevisionAdvert", "ThroughANewspaperAdvert"),
    *("ThroughFamilyOrFamilyEvents", "ThroughFriendsOrSocialEvents", "Other"),
)
METHODS_OF_CONTROL: Final = (
    *("PhysicalThreats", "ThreatsLawEnforcement", "ThreatensChildrenFamily", "DebtBondage", "FalsePromises"),
    *("PhysicalAbuse", "SexualAbuse", "TakesEarnings", "RestrictsFinancialAccess", "RestrictsMedicalCare"),
    *("WithholdsNecessities", "PsychologicalAbuse", "PsychoactiveSubstance", "ExcessiveWorkingHours"),
    *("WithholdsDocuments", "Other"),
)
TYPES_OF_EXPLOITATION: Final = (
    *("ForcedLabour", "SexualExploitation", "ChildLabour", "ForcedMarriage", "Servitude"),
    *(
        "ForcedMilitaryByNonStateActors",
        "OrganRemoval",
        "ForcedBegging",
        "ForcedAdoption",
        "Surrogacy",
        "Other",
    ),
)
ROLES_IN_PROCESS: Final = (
    *("TravellingPartner", "Transporter", "RecruiterOrIntermediary", "BrokerTravelAgent"),
    *("TransferredIndividual", "HarbouredIndividual", "SoldIndividual", "BoughtIndividual"),
    *("ReceivedIndividual", "ControlledIndividual", "Smuggler", "Abuser", "Kidnapper", "Exploiter", "Other"),
)
WEBSITES_AND_APPS: Final = (
    *("Facebook", "Instagram", "WhatsApp", "Telegram", "FacebookMessenger", "Viber", "SnapChat", "Line"),
    *("4Sale", "WeChat", "QQ", "QZone", "TikTok", "Twitter", "Other"),
)
EVENT_TYPES: Final = ("Recruitment", "Transit", "Exploitation")

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "org_Type": ORGANISATION_TYPES,
        "vic_TraffickingStatus": TRAFFICKING_STATUSES,
        "vic_MethodOfRecruitment": METHODS_OF_RECRUITMENT,
        "vic_MethodsOfControl": METHODS_OF_CONTROL,
        "vic_TypeOfExploitation": TYPES_OF_EXPLOITATION,
        "vic_RecruitmentWebsitesAndApps": WEBSITES_AND_APPS,
        "vic_ExploitationWebsitesAndApps": WEBSITES_AND_APPS,
        "per_RoleInProcess": ROLES_IN_PROCESS,
        "cas_Status": CASE_STATUSES,
        "cas_ReasonForIncomingReferral": REFERRAL_REASONS,
        "cas_ReasonForOutgoingReferral": REFERRAL_REASONS,
        "hte_Type": EVENT_TYPES,
    }
)
"""Lists of the fields that we fill or read."""

SEVERAL: Final = (
    *("vic_MethodOfRecruitment", "vic_MethodsOfControl", "vic_TypeOfExploitation"),
    *("vic_RecruitmentWebsitesAndApps", "vic_ExploitationWebsitesAndApps", "per_RoleInProcess"),
    "kentongan_Indicators",
)
"""Fields with several values: a list in JSON, joined by semicolons in a cell."""

E164_FIELDS: Final = ("org_Phone", "prs_HomePhone", "prs_MobilePhone")
E164: Final = re.compile(r"\+?[1-9]\d{1,14}")

TYPE_OF_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kp2mi": "CentralGovernmentOrganisation",
        "polri": "LawEnforcement",
        "kemlu": "CentralGovernmentOrganisation",
        "ppa": "LocalGovernmentOrganisation",
        "lpsk": "CentralGovernmentOrganisation",
        "hub": "ImmigrationService",
    }
)

_CONTROLS: Final = {
    "debt_bondage": "DebtBondage",
    "deception": "FalsePromises",
    "documents_held": "WithholdsDocuments",
    "wages_withheld": "TakesEarnings",
    "excessive_overtime": "ExcessiveWorkingHours",
}
"""Signs that say exactly what a code says. "Violence" may be physical or sexual, so it has no code."""
_EXPLOITATIONS: Final = {"sexual_exploitation": "SexualExploitation"}
"""What happened. An organ or a child that was asked for is an offer: it stands among our own signs alone."""
_APPS: Final = {
    "fb": "Facebook",
    "facebook": "Facebook",
    "ig": "Instagram",
    "instagram": "Instagram",
    "wa": "WhatsApp",
    "whatsapp": "WhatsApp",
    "tg": "Telegram",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "twitter": "Twitter",
    "x": "Twitter",
    "line": "Line",
    "messenger": "FacebookMessenger",
}
_ISO_639_2: Final = {"id": "ind", "jv": "jav", "su": "sun", "mad": "mad", "sas": "sas", "en": "eng"}


def row_of(raw: Mapping[str, Any]) -> Row:
    """Return what of a report was chosen, by key, as fields of the standard; empty fields are left out."""
    row: Row = {}
    _put_signs(row, raw)
    _put_recruiter(row, raw)
    _put_event(row, raw)
    _put_reporter(row, raw)
    for name, key in _OWN.items():
        if key in raw:
            row[name] = _cell(raw[key])
    return row


_OWN: Final = {
    "kentongan_Kind": "kind",
    "kentongan_Urgency": "urgency",
    "kentongan_RecruiterName": "recruiter.name",
    "kentongan_RecruiterAlias": "recruiter.alias",
    "kentongan_RecruiterPhone": "recruiter.phone",
    "kentongan_RecruiterSocial": "recruiter.social",
    "kentongan_VehiclePlate": "recruiter.vehicle_plate",
    "kentongan_LicenceShown": "recruiter.licence_shown",
    "kentongan_Destination": "offer.destination",
    "kentongan_Job": "offer.job",
    "kentongan_WageIdr": "offer.wage_idr",
    "kentongan_FeeIdr": "offer.fee_idr",
    "kentongan_DepartureDate": "offer.departure_on",
    "kentongan_Route": "offer.route",
    "kentongan_Women": "people.women",
    "kentongan_Men": "people.men",
    "kentongan_Children": "people.children",
    "kentongan_Indicators": "indicators",
    "kentongan_ReporterRelation": "reporter.relation",
    "kentongan_ReporterContact": "reporter.contact",
    "kentongan_ContactSafely": "reporter.contact_safely",
    "kentongan_Language": "language",
    "kentongan_Additions": "additions",
}


def _cell(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _put_signs(row: Row, raw: Mapping[str, Any]) -> None:
    signs = raw.get("indicators", [])
    if raw.get("kind") == "victim":
        row["vic_TraffickingStatus"] = "PossibleVictimOfTrafficking"
    if found := [code for sign, code in _CONTROLS.items() if sign in signs]:
        row["vic_MethodsOfControl"] = found
    if found := [code for sign, code in _EXPLOITATIONS.items() if sign in signs]:
        row["vic_TypeOfExploitation"] = found
    if "online_recruitment" in signs:
        row["vic_MethodOfRecruitment"] = ["ThroughOnlineSocialNetworks"]


def _put_recruiter(row: Row, raw: Mapping[str, Any]) -> None:
    if any(key.startswith("recruiter.") for key in raw):
        row["per_RoleInProcess"] = ["RecruiterOrIntermediary"]
    if "recruiter.company" in raw:
        row["per_Organisation"] = str(raw["recruiter.company"])
    first = re.match(r"[a-z]+", str(raw.get("recruiter.social", "")).lower())
    if first is not None and first[0] in _APPS:
        row["vic_RecruitmentWebsitesAndApps"] = [_APPS[first[0]]]


def _put_event(row: Row, raw: Mapping[str, Any]) -> None:
    if raw.get("kind") == "recruiter":
        row["hte_Type"] = "Recruitment"
    texts = {
        "hte_Date": "observed_on",
        "hte_Street": "place_text",
        "hte_Description": "narrative",
        "cas_IncomingReferralDate": "received_on",
    }
    for name, key in texts.items():
        if key in raw:
            row[name] = str(raw[key])
    if "place" in raw:
        names, code = area_names(), str(raw["place"])
        row["hte_Country"] = "ID"
        if (province := names.name_of(code[:2])) is not None:
            row["hte_State"] = province
        if len(code) >= 5 and (regency := names.name_of(code[:5])) is not None:
            row["hte_City"] = regency
    if "position" in raw:
        row["hte_Latitude"], row["hte_Longitude"] = (f"{degrees:.5f}" for degrees in raw["position"])


def _put_reporter(row: Row, raw: Mapping[str, Any]) -> None:
    # Only who reports of himself is the person that the standard's `prs_` fields are about.
    if raw.get("reporter.relation") != "self":
        return
    number = as_e164(str(raw.get("reporter.contact", "")))
    if number is not None:
        row["prs_MobilePhone"] = number
    if raw.get("language") in _ISO_639_2:
        row["prs_PrimaryLanguage"] = _ISO_639_2[raw["language"]]
