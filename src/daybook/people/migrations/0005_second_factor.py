"""The second step at sign-in, and who must have one. Runs before the new code."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import daybook.core.ids
from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable

KEY = models.UUIDField(default=daybook.core.ids.new_id, editable=False, primary_key=True, serialize=False)
BUSINESS = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.business"
)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_list_indexes"), ("tenancy", "0004_accent")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", KEY),
                ("secret", models.CharField(help_text="sealed, see people.codes", max_length=200)),
                (
                    "last_step",
                    models.BigIntegerField(default=0, help_text="the newest step of time whose code was used"),
                ),
                (
                    "recovery_digests",
                    ArrayField(
                        base_field=models.CharField(max_length=64),
                        default=list,
                        help_text="of the codes that are left",
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("business", BUSINESS),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="second_factor", to="people.user"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="SignInPolicy",
            fields=[
                ("id", KEY.clone()),
                ("second_factor_for_administrators", models.BooleanField(default=False)),
                ("business", BUSINESS.clone()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("business",), name="one_sign_in_policy_a_business")]
            },
        ),
        TenantTable("people_secondfactor"),
        TenantTable("people_signinpolicy"),
        TrackTable(
            "people_secondfactor",
            parent="user_id",
            ignore=("last_step",),
            hide=("secret", "recovery_digests", "last_step"),
        ),
        TrackTable("people_signinpolicy"),
    ]
