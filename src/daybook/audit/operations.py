"""Migration operation that keeps the history of a table."""

from collections.abc import Sequence

from django.db import migrations

# Arguments of the trigger: parent column, then ignored columns, then hidden columns (each comma-joined, may be empty).
FUNCTION = """
create function audit_record() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parent_column text := nullif(tg_argv[0], '');
    ignored text[] := string_to_array(tg_argv[1], ',');
    hidden text[] := string_to_array(tg_argv[2], ',');
    who_kind text := coalesce(current_setting('app.actor_kind', true), '');
    who_id uuid := nullif(current_setting('app.actor_id', true), '')::uuid;
    who_name text := coalesce(current_setting('app.actor_name', true), '');
    verb text := coalesce(current_setting('app.verb', true), '');
    step uuid := nullif(current_setting('app.group', true), '')::uuid;
begin
    if tg_op = 'INSERT' then
        insert into audit_version (business_id, at, actor_kind, actor_id, actor_name, verb, "group", table_name, row_id, parent_id, operation, changes)
        select n.business_id, now(), who_kind, who_id, who_name, verb, step, tg_table_name, n.id,
               case when parent_column is null then null else (to_jsonb(n) ->> parent_column)::uuid end, 'I', null
        from new_rows n;
    elsif tg_op = 'UPDATE' then
        insert into audit_version (business_id, at, actor_kind, actor_id, actor_name, verb, "group", table_name, row_id, parent_id, operation, changes)
        select d.business_id, now(), who_kind, who_id, who_name, verb, step, tg_table_name, d.id,
               case when parent_column is null then null else (d.after ->> parent_column)::uuid end, 'U', d.changes
        from (
            select n.business_id, n.id, to_jsonb(n) as after, (
                select jsonb_object_agg(a.key, case when a.key = any (hidden) then '["•", "•"]'::jsonb else jsonb_build_array(b.value, a.value) end)
                from jsonb_each(to_jsonb(n)) a join jsonb_each(to_jsonb(o)) b using (key)
                where a.value is distinct from b.value and not a.key = any (ignored)
            ) as changes
            from new_rows n join old_rows o on o.id = n.id
        ) d where d.changes is not null;
    else
        insert into audit_version (business_id, at, actor_kind, actor_id, actor_name, verb, "group", table_name, row_id, parent_id, operation, changes)
        select o.business_id, now(), who_kind, who_id, who_name, verb, step, tg_table_name, o.id,
               case when parent_column is null then null else (to_jsonb(o) ->> parent_column)::uuid end, 'D', to_jsonb(o) - hidden
        from old_rows o;
    end if;
    return null;
end $$;
"""


class TrackTable(migrations.RunSQL):
    """Record every insert, update and delete of a table in `audit_version`.

    `parent` names the column that holds the record on whose History tab the row's changes also stand; `ignore` lists
    columns whose changes are noise; `hide` those whose values must never be kept (a password's hash).
    """

    def __init__(self, table: str, parent: str = "", ignore: Sequence[str] = (), hide: Sequence[str] = ()) -> None:
        self.arguments = (table, parent, tuple(ignore), tuple(hide))
        call = f"audit_record('{parent}', '{','.join(ignore)}', '{','.join(hide)}')"
        super().__init__(
            sql=f"""
                create trigger history_insert after insert on {table} referencing new table as new_rows for each statement execute function {call};
                create trigger history_update after update on {table} referencing new table as new_rows old table as old_rows for each statement execute function {call};
                create trigger history_delete after delete on {table} referencing old table as old_rows for each statement execute function {call};
            """,
            reverse_sql=f"drop trigger history_insert on {table}; drop trigger history_update on {table}; drop trigger history_delete on {table};",
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__name__, list(self.arguments), {}

    def describe(self) -> str:
        return f"History of {self.arguments[0]}"
