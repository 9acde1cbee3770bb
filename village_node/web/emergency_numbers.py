"""Telephone numbers for people in danger, each with what is known of its source.

Only numbers that were seen in a source stand here. They change (two ministries behind them were
renamed since 2024), so each must be rung before a box goes to a village.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EmergencyNumber:
    """One number to ring, as it is shown and as it is dialled."""

    who: str
    shown: str
    dialled: str
    note: str
    source: str


EMERGENCY_NUMBERS = (
    EmergencyNumber("Polisi", "110", "110", "gratis, siang dan malam", "Polri; date not recorded"),
    EmergencyNumber(
        "SAPA, untuk perempuan dan anak",
        "129",
        "129",
        "atau WhatsApp 08111-129-129",
        "SAPA 129 of the ministry for women and children; date not recorded",
    ),
    EmergencyNumber(
        "Pelindungan pekerja migran (KP2MI)",
        "0800-1000",
        "08001000",
        "dari dalam negeri",
        "KP2MI in merdeka.com and mediamasakini.id, April 2025",
    ),
)
