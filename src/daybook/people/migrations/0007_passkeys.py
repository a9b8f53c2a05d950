"""Passkeys, with an authenticator app or instead of one. Runs before the new code."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import daybook.core.ids
from daybook.audit.operations import TrackTable
from daybook.tenancy.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [("people", "0006_birthday_index"), ("tenancy", "0004_accent")]

    operations = [
        migrations.AlterField(
            "secondfactor",
            "secret",
            models.CharField(
                blank=True,
                default="",
                help_text="of the app, sealed, see people.codes; empty without an app",
                max_length=200,
            ),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=daybook.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(help_text="by which its person knows it", max_length=60)),
                (
                    "site",
                    models.CharField(help_text="the host at which it was made; it works at no other", max_length=253),
                ),
                ("credential_id", models.CharField(help_text="base64url", max_length=1400)),
                ("public_key", models.BinaryField(help_text="COSE")),
                ("sign_count", models.BigIntegerField(default=0)),
                ("transports", ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "copied_at",
                    models.DateTimeField(null=True, help_text="when its count went back; it is not taken since then"),
                ),
                (
                    "business",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.business",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="people.user"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("business", "credential_id"), name="passkey_once_a_business")
                ]
            },
        ),
        TenantTable("people_passkey"),
        TrackTable(
            "people_passkey",
            parent="user_id",
            ignore=("sign_count", "last_used_at"),
            hide=("credential_id", "public_key", "sign_count", "transports"),
        ),
    ]
