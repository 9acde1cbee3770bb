"""The append-only log of every access, and its proofs."""
