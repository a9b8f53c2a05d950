"""Several practitioners in one session. Runs before the new code: the old one leaves the new column at its default."""

import django.db.models.deletion
from django.db import migrations, models

import daybook.core.ids
from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_birthday_index"),
        ("scheduling", "0005_rows_without_business_key"),
        ("tenancy", "0006_sign_up_attempts"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="assistant_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.CreateModel(
            name="Assistant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=daybook.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("wage_minor", models.BigIntegerField(help_text="null while open", null=True)),
                ("wage_reasons", models.JSONField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.business",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assisted_sessions",
                        to="people.user",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assistants",
                        to="scheduling.session",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practitioner", "starts_at"], name="assisted_by_practitioner")],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "practitioner"), name="a_practitioner_once_a_session")
                ],
            },
        ),
        TenantTable("scheduling_assistant"),
        TrackTable("scheduling_assistant", parent="session_id", ignore=("starts_at",)),
    ]
