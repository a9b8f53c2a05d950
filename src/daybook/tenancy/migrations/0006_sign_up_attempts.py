"""Where tries to make a business are counted. Before the new code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0005_rows_without_business_key"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignUpAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "at"], name="sign_ups_of_subject")],
            },
        ),
    ]
