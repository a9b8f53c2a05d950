"""The books of the story: entries with the rules of the ledger, numbered and put into the batch being told."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from daybook.ledger.rules import NewEntry
from daybook.ops.demo.rows import AccountRow, Batch, EntryRow, PostingRow


class Books:
    """Collects rows of the batch at hand, and knows which account is whose."""

    def __init__(self, next_id: Callable[[], UUID]) -> None:
        self.next_id = next_id
        self.batch = Batch()
        self._accounts: dict[tuple[str, UUID | None], UUID] = {}

    def take(self) -> Batch:
        """The batch so far; a new one begins."""
        told, self.batch = self.batch, Batch()
        return told

    def account(self, kind: str, owner_id: UUID | None) -> UUID:
        found = self._accounts.get((kind, owner_id))
        if found is None:
            found = self._accounts[kind, owner_id] = self.next_id()
            self.batch.accounts.append(AccountRow(found, kind, owner_id))
        return found

    def post(
        self, entry: NewEntry, recorded_at: datetime, actor_kind: str, actor_id: UUID | None, reasons: str = "[]"
    ) -> UUID:
        """Write an entry, whose reasons come in their stored form, and give back its id."""
        entry_id = self.next_id()
        self.batch.entries.append(
            EntryRow(
                entry_id, entry.kind, entry.occurred_on, recorded_at, actor_kind, actor_id, entry.source_kind,
                entry.source_id, entry.description, reasons, entry.reverses_id,
            )
        )  # fmt: skip
        for posting in entry.postings:
            account_id = self.account(posting.kind, posting.owner_id)
            self.batch.postings.append(
                PostingRow(self.next_id(), entry_id, account_id, posting.amount_minor, posting.side, entry.occurred_on)
            )
        return entry_id
