"""The canonical form of an entry, as PostgreSQL writes it: the one text that seals are made over."""

# A JSON array in a fixed order; the postings by id. `e` is the entry. Instants in UTC, whatever the session's zone.
CANONICAL = """
    jsonb_build_array(
        e.id, e.kind, e.occurred_on, to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor_kind, e.actor_id, e.source_kind, e.source_id, e.description, e.reasons, e.reverses_id,
        (select jsonb_agg(jsonb_build_array(p.id, p.account_id, p.amount_minor, p.side, p.occurred_on) order by p.id)
         from ledger_posting p where p.entry_id = e.id)
    )::text
"""
