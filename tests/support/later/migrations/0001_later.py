from django.db import migrations

CHANGES = """
alter table scheduling_session add column later_note text not null default '';
alter table payments_payment add column later_mark integer;
create index later_payments on payments_payment (business_id, later_mark);
-- What the serving connections have prepared answers another type from here on.
alter table tenancy_oncekey alter column digest type text, alter column body type varchar;
alter table people_user alter column phone type text;
alter table tenancy_business alter column locale type text;
create table later_thing (id bigint primary key, business_id bigint not null references tenancy_business);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(CHANGES)]
