"""What can be wrong with material.

ContentRefused          a file cannot be used; the text names file and key and says what is allowed
└── PackRefused         a pack is broken, unsigned, forged or older than what is held
    └── PackNotNewer    it is signed, and its version is not above the one that is held
"""

from __future__ import annotations


class ContentRefused(Exception):
    """A file of the material cannot be used: correct the file that the text names."""


class PackRefused(ContentRefused):
    """A pack cannot be used: keep the last good version and fetch the pack again."""


class PackNotNewer(PackRefused):
    """A signed pack whose version is not above the one that is held."""
