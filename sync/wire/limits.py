"""What a legal report takes at most; bounds the work that junk can cause."""

from __future__ import annotations

from sync.records import TEXT_LIMITS

MAX_TEXT_BYTES = sum(4 * limit + 1 for limit in TEXT_LIMITS.values())
"""What all texts of a legal report take at most in UTF-8, a separator after each."""
