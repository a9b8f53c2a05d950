"""The canonical form of an entry, as PostgreSQL writes it: the one text that seals are made over."""

# A JSON array in a fixed order, spaced as jsonb prints it. `e` is the entry, `p` its posting. Instants in UTC, whatever
# the session's zone. Put together by hand: jsonb_build_array takes twice as long for the same text.
_POSTING = """
    '["' || p.id || '", "' || p.account_id || '", ' || p.amount_minor || ', ' || to_json(p.side)::text || ', '
    || to_json(p.occurred_on)::text || ']'
"""
CANONICAL_POSTINGS = f"string_agg({_POSTING}, ', ' order by p.id)"
_CANONICAL = """
    '["' || e.id || '", ' || to_json(e.kind)::text || ', ' || to_json(e.occurred_on)::text || ', "'
    || to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '", ' || to_json(e.actor_kind)::text
    || ', ' || coalesce('"' || e.actor_id || '"', 'null') || ', ' || to_json(e.source_kind)::text || ', "' || e.source_id
    || '", ' || to_json(e.description)::text || ', ' || e.reasons::text || ', '
    || coalesce('"' || e.reverses_id || '"', 'null') || ', ' || coalesce('[' || {postings} || ']', 'null') || ']'
"""


def canonical(postings: str) -> str:
    """SQL of an entry's canonical text, from the SQL of its CANONICAL_POSTINGS."""
    return _CANONICAL.format(postings=postings)


def fingerprint(postings: str) -> str:
    """SQL of the SHA-256 of an entry's canonical text, as bytes."""
    return f"sha256(convert_to({canonical(postings)}, 'UTF8'))"


def digest(previous: str, fingerprints: str) -> str:
    """SQL of a seal's digest (hex), from the SQL of the digest before and of an aggregate of fingerprints in order."""
    return f"encode(sha256(convert_to({previous}, 'UTF8') || coalesce({fingerprints}, '')), 'hex')"
