from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from daybook.tenancy.base import TenantModel


class Import(TenantModel):
    """One file taken in, or about to be: what it is, how it is to be read, and what came of it.

    Totals are minor units where `total_kind` is amounts, otherwise counts of rows. `problems` holds the first rows at
    fault as (row, column, code, data, sheet); `error_count` counts all of them. `group` is the history's: one step of undo.
    """

    class State(models.TextChoices):
        READY = "ready"  # uploaded, nothing written
        QUEUED = "queued"  # a job will run it
        RUNNING = "running"
        REFUSED = "refused"  # rows at fault, nothing written
        FAILED = "failed"  # the file could not be read after all, or the worker gave up
        DONE = "done"
        UNDOING = "undoing"  # a job takes it back
        UNDONE = "undone"

    class TotalKind(models.TextChoices):
        AMOUNTS = "amounts"
        ROWS = "rows"

    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField()
    layout = models.CharField(max_length=200, default="auto")
    options = models.JSONField(default=dict)
    is_partial = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    row_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    matched_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    made = models.JSONField(default=dict, help_text="how many records of each kind were made")
    problems = models.JSONField(default=list)
    failure = models.JSONField(null=True)
    total_kind = models.CharField(max_length=8, choices=TotalKind, default=TotalKind.ROWS)
    theirs = models.BigIntegerField(null=True)
    ours = models.BigIntegerField(null=True)
    group = models.UUIDField(null=True)
    created_by = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["business", "-created_at"], name="imports_newest_first")]

    def __str__(self) -> str:
        return self.file_name


class ImportFile(TenantModel):
    """The bytes of an import's file, kept until it has been taken in."""

    batch = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()


class ImportProgress(TenantModel):
    """How far a running import is. Written on a connection of its own, so that others see it before the import commits."""

    batch = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="progress")
    phase = models.CharField(max_length=12, default="waiting")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)


class ImportRow(TenantModel):
    """A row that went in: its fingerprint keeps the same row from going in again."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=40)
    is_live = models.BooleanField(default=True, help_text="false once the import was undone")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "digest"], condition=Q(is_live=True), name="a_row_goes_in_once")
        ]


class ImportRecord(TenantModel):
    """A record that an import made or found again, with its number in the old system."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="records")
    row = models.ForeignKey(ImportRow, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=16)
    target_id = models.UUIDField()
    is_new = models.BooleanField()
    system = models.CharField(max_length=30, blank=True, default="")
    foreign_id = models.CharField(max_length=500, blank=True, default="")
    is_live = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["business", "system", "kind"],
                name="records_by_foreign_id",
                condition=Q(is_live=True) & ~Q(foreign_id=""),
            ),
            models.Index(fields=["target_id"], name="records_of_target"),
        ]


class Preset(TenantModel):
    """A saved way to read files with these headings: which of our fields each column fills, and how."""

    name = models.CharField(max_length=80)
    layout = models.CharField(max_length=60)
    headings = ArrayField(models.CharField(max_length=200))
    fingerprint = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "name"], name="preset_name_once")]
        indexes = [models.Index(fields=["business", "fingerprint"], name="presets_by_headings")]

    def __str__(self) -> str:
        return self.name
