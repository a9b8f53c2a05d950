"""Row-level security, balanced entries, kept totals and append-only tables. Runs before the new code."""

from django.db import migrations

from daybook.tenancy.rls import TenantTable

# A statement must bring whole, balanced entries; the owners' kept totals follow in the same statement. Accounts are
# locked in id order, so that two writers never wait for each other in a circle.
POST = """
create function ledger_post() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from new_rows group by entry_id having sum(amount_minor) <> 0) then
        raise exception 'the postings of an entry must sum to zero' using errcode = 'check_violation', constraint = 'entry_balanced';
    end if;
    if exists (
        select from (select entry_id, count(*) as here from new_rows group by entry_id) n
        where n.here <> (select count(*) from ledger_posting p where p.entry_id = n.entry_id)
    ) then
        raise exception 'an entry is written whole, once' using errcode = 'check_violation', constraint = 'entry_whole';
    end if;
    with delta as (
        select account_id, sum(amount_minor) as total,
               coalesce(sum(amount_minor) filter (where side = 'c'), 0) as charged,
               coalesce(sum(amount_minor) filter (where side = 'p'), 0) as paid
        from new_rows group by account_id
    ), locked as (
        select id from ledger_account where owner_id is not null and id in (select account_id from delta) order by id for update
    )
    update ledger_account a
    set balance_minor = a.balance_minor + d.total,
        charged_minor = a.charged_minor + case a.kind when 'wages_payable' then -d.charged else d.charged end,
        paid_minor = a.paid_minor - case a.kind when 'wages_payable' then -d.paid else d.paid end
    from delta d join locked on locked.id = d.account_id where a.id = d.account_id;
    return null;
end $$;
create trigger ledger_post after insert on ledger_posting referencing new table as new_rows for each statement execute function ledger_post();

create function ledger_entered() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into ledger_unsealed (entry_id, business_id) select id, business_id from new_rows;
    return null;
end $$;
create trigger ledger_entered after insert on ledger_journalentry referencing new table as new_rows for each statement execute function ledger_entered();
"""

APPEND_ONLY = """
create function ledger_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: correct by a reversal', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on ledger_journalentry for each statement execute function ledger_append_only();
create trigger append_only before update or delete or truncate on ledger_posting for each statement execute function ledger_append_only();
create trigger append_only before update or delete or truncate on ledger_seal for each statement execute function ledger_append_only();
create trigger append_only before update or delete or truncate on ledger_sealedentry for each statement execute function ledger_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        TenantTable("ledger_account"),
        TenantTable("ledger_journalentry"),
        TenantTable("ledger_posting"),
        TenantTable("ledger_unsealed"),
        TenantTable("ledger_seal"),
        TenantTable("ledger_sealedentry"),
        migrations.RunSQL(POST, "drop function ledger_post() cascade"),
        migrations.RunSQL(APPEND_ONLY, "drop function ledger_append_only() cascade"),
        migrations.RunSQL(
            """
            revoke update, delete, truncate on ledger_journalentry, ledger_posting, ledger_seal, ledger_sealedentry from daybook_app;
            revoke insert on ledger_unsealed from daybook_app;
            revoke update, delete, truncate on ledger_account from daybook_app;
            grant update (scheduled_minor) on ledger_account to daybook_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
