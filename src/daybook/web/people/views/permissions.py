"""Settings > Permissions: the matrix of roles and permissions, and BULK PERMISSIONS of one role."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybook.core.ids import parse_id
from daybook.people import queries, services
from daybook.people.models import PermissionSwitch, User
from daybook.people.permissions import MANAGE_SETTINGS
from daybook.tenancy.actor import ROLES
from daybook.tenancy.permissions import for_role, register
from daybook.tenancy.scope import current_group
from daybook.ui.listing import Column, Listing, Page
from daybook.web.doors import go_to, render_page, team_page
from daybook.web.people.kinds import KINDS

SWITCHED = ("staff", "practitioner", "client", "agent")


@require_safe
@team_page(MANAGE_SETTINGS)
def matrix(request: HttpRequest) -> HttpResponse:
    """Role × permission, as the code declares it, with how many people differ from their role."""
    differing: dict[tuple[str, str], int] = {}
    for permission, role in PermissionSwitch.objects.filter(user__deleted_at__isnull=True).values_list(
        "permission", "user__role"
    ):
        differing[permission, role] = differing.get((permission, role), 0) + 1
    rows = [(each, [_cell(each, role, differing.get((each.name, role), 0)) for role in ROLES]) for each in register()]
    return render_page(
        request, "web/people/permission_matrix.html", {"rows": rows, "roles": ROLES, "switched": SWITCHED}
    )


def _cell(permission: Any, role: str, differing: int) -> dict[str, Any]:
    """How a permission stands for a role: never, always (administrators), or by default with so many that differ."""
    state = "never" if role not in permission.defaults else "on" if permission.defaults[role] else "off"
    return {"role": role, "state": state, "differing": differing, "link": role in SWITCHED and state != "never"}


@require_http_methods(["GET", "HEAD", "POST"])
@team_page(MANAGE_SETTINGS)
def bulk(request: HttpRequest, role: str) -> HttpResponse:
    """One permission of one role: who has it, and setting it for the ticked or for all."""
    if role not in SWITCHED:
        raise Http404
    declared = {each.name: each for each in for_role(role)}  # type: ignore[arg-type]
    name = request.POST.get("permission") or request.GET.get("permission") or next(iter(declared))
    if name not in declared:
        raise Http404
    url = f"{request.path}?permission={name}"
    columns = [Column("name", _("Name"), order=("last_name", "first_name", "id"))]
    listing = Listing.read(request, "holders", columns, default="name", size=100)
    if request.method == "POST":
        ids = [key for key in map(parse_id, request.POST.getlist("id")) if key]
        for_all = request.POST.get("all")
        chosen = None if for_all else ids
        value = (for_all or request.POST.get("value")) == "on"
        changed = services.set_permission_for_many(
            actor=request.actor, permission=name, value=value, role=role, user_ids=chosen
        )
        said = _("Set for %(count)d.") % {"count": len(changed)}
        undo = f"{reverse('web:permissions_undo', args=[role, current_group()])}?permission={name}" if changed else ""
        return go_to(request, f"{url}&q={quote(listing.q)}" if listing.q else url, said=said, undo=undo)
    kind = next(kind for kind in KINDS if role in kind.roles)
    everybody = queries.by_name(User.objects.filter(role=role))
    found = queries.search_people(
        everybody, listing.q, roles=[role], offset=(listing.number - 1) * listing.size, limit=listing.size
    )
    rows = [
        (user, holds, kind.url("permissions", user.pk)) for user, holds in queries.holders_of(name, role, found.rows)
    ]
    holding, whole = queries.count_holders(name, role)
    context = {
        "listing": listing,
        "page": Page(rows, listing.number, listing.size, found.total, found.has_next),
        "role": role,
        "kind": kind,
        "declared": list(declared.values()),
        "chosen": declared[name],
        "default": declared[name].defaults[role],  # type: ignore[index]
        "rows": rows,
        "holding": holding,
        "whole": whole,
        "switched": SWITCHED,
        "locked": role == "staff" and not request.actor.is_administrator,
    }
    return render_page(request, "web/people/permission_bulk.html", context)


@require_POST
@team_page(MANAGE_SETTINGS)
def undo(request: HttpRequest, role: str, group: UUID) -> HttpResponse:
    """Take a permission of many back to what it was."""
    count = services.undo_set_permission(actor=request.actor, group=group)
    said = ngettext("%(count)d is as before.", "%(count)d are as before.", count) % {"count": count}
    name = quote(request.GET.get("permission", "")[:60], safe="")
    return go_to(
        request, reverse("web:permissions_bulk", args=[role]) + (f"?permission={name}" if name else ""), said=said
    )
