from django.db import models

from daybook.tenancy.base import TenantManager


class Version(models.Model):
    """One change of one row. Written by a trigger alone; nobody may update or delete it.

    `changes` maps column → [before, after] for an update, and column → value for a deletion; an insertion has none,
    as its values are those of the row (or of the first `before`).
    """

    class Operation(models.TextChoices):
        INSERT = "I"
        UPDATE = "U"
        DELETE = "D"

    id = models.BigAutoField(primary_key=True)
    # No constraint: each change would lock the one row of the business (see tenancy.base.FrequentModel).
    business = models.ForeignKey(
        "tenancy.Business", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    group = models.UUIDField(null=True)
    table = models.CharField(max_length=60, db_column="table_name")
    row_id = models.UUIDField()
    parent_id = models.UUIDField(null=True)
    operation = models.CharField(max_length=1, choices=Operation)
    changes = models.JSONField(null=True)

    objects = TenantManager()

    class Meta:
        indexes = [
            models.Index(fields=["row_id"], name="version_of_row"),
            models.Index(fields=["parent_id"], name="version_of_parent", condition=models.Q(parent_id__isnull=False)),
            models.Index(fields=["business", "group"], name="version_in_group"),
            models.Index(
                fields=["business", "table", "id"], name="version_deletions", condition=models.Q(operation="D")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.row_id}"
