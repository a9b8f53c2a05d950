"""From a login or a token to an actor: who it is, and what holds for it."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from daybook.core.ids import new_id
from daybook.people import permissions as _declared  # noqa: F401 - declares the names
from daybook.people.models import ApiToken, PermissionSwitch, User
from daybook.tenancy.actor import Actor, Role
from daybook.tenancy.light import row_of
from daybook.tenancy.permissions import effective
from daybook.tenancy.prepared import Rows, fetch_prepared
from daybook.tenancy.scope import current_business, set_actor

TOKEN_PREFIX = "daybook"

# One round trip: the token's user with its switches, and the history context set to it.
_BY_TOKEN = """
    select u.id, u.role, u.first_name, u.last_name,
           coalesce((select array_agg(s.permission || case when s.granted then '+' else '-' end)
                     from people_permissionswitch s where s.user_id = u.id), '{}'),
           set_config('app.actor_kind', 'user', true), set_config('app.actor_id', u.id::text, true),
           set_config('app.actor_name', trim(u.first_name || ' ' || u.last_name), true)
    from people_apitoken t join people_user u on u.id = t.user_id
    where t.digest = %s::text and t.revoked_at is null and u.status = 'active' and u.deleted_at is null
"""

# A key claimed for the token's user, on the trip that asks who that is.
_CLAIM_BY_TOKEN = """
    insert into tenancy_oncekey (id, business_id, user_id, key, digest, status, body, created_at)
    select %s::uuid, t.business_id, t.user_id, %s::text, %s::text, 0, '', now()
    from people_apitoken t join people_user u on u.id = t.user_id
    where t.digest = %s::text and t.revoked_at is null and u.status = 'active' and u.deleted_at is null
    on conflict (business_id, user_id, key) do nothing returning id
"""


@dataclass(frozen=True, slots=True)
class TokenParts:
    """A token's two halves: which business, in clear, and the secret whose hash is compared."""

    public_id: str
    digest: str


# A login's user, whether it must set up a second factor first, and its switches: one round trip for every page.
# What few pages ask of oneself is left for later.
_LATER = ("address", "notes", "custom", "search_text")
_READ = [field for field in User._meta.concrete_fields if field.name not in _LATER]
_HOLDER = f"""{", ".join(f"u.{field.column}" for field in _READ)},
           u.role = 'administrator'
           and exists (select from people_signinpolicy p where p.second_factor_for_administrators)
           and not exists (select from people_secondfactor f where f.user_id = u.id),
           coalesce((select array_agg(s.permission || case when s.granted then '+' else '-' end)
                     from people_permissionswitch s where s.user_id = u.id), '{{}}')"""
_BY_LOGIN = f"select {_HOLDER} from people_user u where u.id = %s::uuid and u.deleted_at is null"
_NAME_NOBODY = "select " + ", ".join(f"set_config('app.actor_{part}', '', true)" for part in ("kind", "id", "name"))
# The same by the key of an open login, with what the login keeps, and the history context set to its user.
_BY_SESSION = f"""
    select set_config('app.actor_kind', case when u.id is null then '' else 'user' end, true), set_config('app.actor_id', coalesce(u.id::text, ''), true),
           set_config('app.actor_name', coalesce(trim(u.first_name || ' ' || u.last_name), ''), true),
           l.session_data, u.id is not null, {_HOLDER}
    from people_loginsession l left join people_user u on u.id = l.user_id and u.deleted_at is null
    where l.session_key = %s::text and l.expire_date > %s::timestamptz
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose login it is: the user (with `must_set_up`), and the permissions that were switched for it."""

    user: User
    switches: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """An open login: its key, what it keeps (signed, as it is stored), and its holder, where the user is there."""

    key: str
    data: str
    holder: Holder | None


def asking_for_login(key: str, now: datetime) -> tuple[str, list[object]]:
    """The statement that finds an open login and names its user in the history context, for `login_of_rows`."""
    return _BY_SESSION, [key, now]


def login_of_rows(key: str, found: Rows) -> OpenLogin | None:
    """The open login of that key, if there is one. Who trusts its holder has compared what it keeps first."""
    if not found:
        return None
    _kind, _id, _name, data, is_there, *values = found[0]
    return OpenLogin(key, data, _holder(values) if is_there else None)


def distrust() -> None:
    """Take the login's user out of the history context: it is nobody after all."""
    fetch_prepared(_NAME_NOBODY, [])


def holder_of(user_id: UUID) -> Holder | None:
    """The holder of a login, or None where the user is gone."""
    found = fetch_prepared(_BY_LOGIN, [user_id])
    return _holder(found[0]) if found else None


def _holder(row: Sequence[Any]) -> Holder:
    *values, must_set_up, switches = row
    user = row_of(User, zip((field.attname for field in _READ), values, strict=True))
    user.must_set_up = must_set_up
    return Holder(user, _switched(switches))


def _switched(texts: Iterable[str]) -> dict[str, bool]:
    return {text[:-1]: text[-1] == "+" for text in texts}


def actor_of(user: User, switches: Mapping[str, bool] | None = None) -> Actor:
    """The actor of a signed-in user, with the history context set to it (two queries; one where switches are given)."""
    if switches is None:
        switches = dict(PermissionSwitch.objects.filter(user=user).values_list("permission", "granted"))
    actor = actor_of_holder(Holder(user, switches))
    set_actor(actor)
    return actor


def actor_of_holder(holder: Holder) -> Actor:
    """The same where the history context is set to it already."""
    user, role = holder.user, cast("Role", holder.user.role)
    permissions = effective(role, holder.switches)
    return Actor(kind="user", role=role, user_id=user.pk, name=user.name, permissions=permissions)


def parse_token(text: str) -> TokenParts | None:
    """The halves of `daybook_<business>_<secret>`, or None when it is not of that form."""
    prefix, _, rest = text.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != TOKEN_PREFIX or not public_id.isalnum() or not 20 <= len(secret) <= 100 or not text.isascii():
        return None
    return TokenParts(public_id, hash_secret(secret))


def hash_secret(secret: str) -> str:
    """The stored form of a random secret: it has enough entropy that a plain hash is safe."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_by_token(token: TokenParts) -> Actor | None:
    """The actor of an API token in the open scope, or None: unknown, revoked, or its user may not sign in."""
    return actor_of_rows(fetch_prepared(*asking_for(token)))


def asking_for(token: TokenParts) -> tuple[str, list[str]]:
    """The statement that finds a token's user and names it in the history context, for `actor_of_rows`."""
    return _BY_TOKEN, [token.digest]


def claiming_by(token: TokenParts, *, key: str, digest: str) -> tuple[str, list[object]]:
    """The statement that claims a key for a token's user, for `tenancy.once.first_answer`."""
    return _CLAIM_BY_TOKEN, [new_id(), key, digest, token.digest]


def actor_of_rows(found: Rows) -> Actor | None:
    if not found:
        return None
    row = found[0]
    return Actor(
        kind="user",
        role=row[1],
        user_id=row[0],
        name=f"{row[2]} {row[3]}".strip(),
        permissions=effective(row[1], _switched(row[4])),
    )


def issue_token(*, user_id: UUID, now: datetime, name: str = "") -> str:
    """A new API token for a user, in clear: the only time that it is seen."""
    secret = secrets.token_urlsafe(32).replace("_", "x").replace("-", "y")
    ApiToken.objects.create(id=new_id(), user_id=user_id, name=name, digest=hash_secret(secret), created_at=now)
    return f"{TOKEN_PREFIX}_{current_business().public_id}_{secret}"
