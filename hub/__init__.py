"""The regional hub: intake, pages, accounts."""
