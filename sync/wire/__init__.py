"""Bytes and bits: how records, frames and bundles look on any carrier."""
