"""History of the business's own words and of its entry in the directory. Runs before the new code."""

from django.db import migrations

from daybook.audit.operations import TrackTable

# The directory's key is a number and has no policy: its versions stand under a UUID made from that number.
BUSINESS = """
create function audit_record_business() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into audit_version (business_id, at, actor_kind, actor_id, actor_name, verb, "group", table_name, row_id, parent_id, operation, changes)
    select n.id, now(), coalesce(current_setting('app.actor_kind', true), ''), nullif(current_setting('app.actor_id', true), '')::uuid,
           coalesce(current_setting('app.actor_name', true), ''), coalesce(current_setting('app.verb', true), ''),
           nullif(current_setting('app.group', true), '')::uuid, tg_table_name,
           ('00000000-0000-7000-8000-' || lpad(to_hex(n.id), 12, '0'))::uuid, null, 'U', (
               select jsonb_object_agg(a.key, jsonb_build_array(b.value, a.value))
               from jsonb_each(to_jsonb(n)) a join jsonb_each(to_jsonb(o)) b using (key) where a.value is distinct from b.value
           )
    from new_rows n join old_rows o on o.id = n.id where to_jsonb(n) <> to_jsonb(o);
    return null;
end $$;
create trigger history_update after update on tenancy_business
    referencing new table as new_rows old table as old_rows for each statement execute function audit_record_business();
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_rules"), ("audit", "0002_rules")]

    operations = [
        TrackTable("tenancy_term"),
        migrations.RunSQL(BUSINESS, "drop function audit_record_business() cascade"),
    ]
