"""Texts in the plain alphabet of SMS: 160 signs of it fit into one message, 70 of any other.

Indonesian needs nothing but the plain alphabet once typographic signs are written plainly; one curly quote
would halve the room.
"""

from __future__ import annotations

from firmware_bridge.sms_plain import plain as plain

GSM_SEPTETS = 160
