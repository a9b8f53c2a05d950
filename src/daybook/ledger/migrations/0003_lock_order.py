"""Owners' accounts are locked receivables first, then by id, as the services do. Runs before the new code."""

from django.db import migrations

POST = """
create or replace function ledger_post() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
    -- Locked in a statement of its own: the update below then reads what the last writer has committed.
    perform from ledger_account where owner_id is not null and id in (select account_id from new_rows) order by kind, id for no key update;
    update ledger_account a
    set balance_minor = a.balance_minor + d.total,
        charged_minor = a.charged_minor + case a.kind when 'wages_payable' then -d.charged else d.charged end,
        paid_minor = a.paid_minor - case a.kind when 'wages_payable' then -d.paid else d.paid end
    from (
        select account_id, sum(amount_minor) as total,
               coalesce(sum(amount_minor) filter (where side = 'c'), 0) as charged,
               coalesce(sum(amount_minor) filter (where side = 'p'), 0) as paid
        from new_rows group by account_id
    ) d
    where a.id = d.account_id and a.owner_id is not null;
    return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rules")]

    operations = [migrations.RunSQL(POST, migrations.RunSQL.noop)]
