"""What the chain of seals begins with, and how much one holds.

A seal's digest is SHA-256 (hex) over the digest before, then over the SHA-256 of each entry's canonical JSON, in order:
any program can prove an exported ledger by that.
"""

FIRST_DIGEST = "0" * 64
SEAL_SIZE = 2000
