"""The base of every table that belongs to a business."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Self

from django.db import models

from daybook.core.ids import new_id
from daybook.tenancy.light import row_of
from daybook.tenancy.scope import current_business_id


class TenantQuerySet(models.QuerySet):
    """Rows of the open business. PostgreSQL's policy filters them; this one fills the column on the way in."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            if row.business_id is None:
                row.business_id = current_business_id()
        return super().bulk_create(rows, *args, **kwargs)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Refuses to ask a tenant table outside a scope."""

    def get_queryset(self) -> models.QuerySet:
        current_business_id()
        return super().get_queryset()


class LiveManager(TenantManager):
    """Rows that are not in the bin (`deleted_at` null); `with_deleted()` for those too."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(deleted_at__isnull=True)

    def with_deleted(self) -> models.QuerySet:
        return super().get_queryset()


class TenantModel(models.Model):
    """A row of one business: UUIDv7 key, `business` taken from the open scope, row-level security in the database.

    A migration that makes such a table adds `TenantTable`, and `TrackTable` where its history counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    business = models.ForeignKey("tenancy.Business", on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.business_id is None:
            self.business_id = current_business_id()
        super().save(*args, **kwargs)

    @classmethod
    def written(cls, **values: Any) -> Self:
        """The row that a hand-written statement has just written, without reading it back; the rest by default.

        Names are columns (`client_id`). Far cheaper than the constructor, which many rows a request would feel.
        """
        given = {"business_id": current_business_id()} | values
        constant, made = _defaults(cls)
        row = row_of(cls, {**constant, **given}.items())
        row.__dict__.update((name, make()) for name, make in made.items() if name not in given)
        return row

    def same(self, other: Self | None) -> bool:
        return other is not None and self.pk == other.pk


class FrequentModel(TenantModel):
    """A row of one business, of which there are so many that it does without a foreign key to it.

    Each new row's key would lock the one row of the business, which all who write at once then share. The policy
    admits the open scope's business alone, and the business cannot go while its people are there.
    """

    business = models.ForeignKey(
        "tenancy.Business", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What a column is when nobody says: those that are always the same, and those that are made each time."""
    fields = model._meta.concrete_fields
    made = {field.attname: field.get_default for field in fields if field.has_default() and callable(field.default)}
    return {field.attname: field.get_default() for field in fields if field.attname not in made}, made
