from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_rows_without_business_key")]

    operations = [migrations.RemoveConstraint(model_name="account", name="account_of_owner")]
