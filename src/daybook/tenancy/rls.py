"""Migration operation that puts a tenant table under row-level security."""

from django.db import migrations

SCOPE = "(select nullif(current_setting('app.business_id', true), '')::bigint)"


class TenantTable(migrations.RunSQL):
    """Force the tenant policy on a table: outside a scope it is empty, inside it holds one business's rows.

    The setting is read in a sub-select, so that it is evaluated once a query and can use an index.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"""
                alter table {table} enable row level security;
                alter table {table} force row level security;
                create policy tenant on {table} using (business_id = {SCOPE}) with check (business_id = {SCOPE});
            """,
            reverse_sql=f"drop policy tenant on {table}; alter table {table} no force row level security; alter table {table} disable row level security;",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__name__, [self.table], {}

    def describe(self) -> str:
        return f"Row-level security on {self.table}"
