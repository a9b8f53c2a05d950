from collections.abc import Iterator

from django.urls import URLPattern, path

from daybook.web.people.kinds import KINDS, Kind
from daybook.web.people.views import (
    account,
    export,
    lists,
    passkeys,
    passwords,
    permissions,
    records,
    second_factor,
    sign_in,
    sign_up,
)


def _of(kind: Kind) -> Iterator[URLPattern]:
    """The pages of one kind of people: `web:clients`, `web:client`, `web:client_add`, …"""
    root, extra = f"{kind.name}/", {"kind": kind}
    one = f"{root}<uuid:user_id>/"
    yield path(root, lists.people, extra, name=kind.name)
    yield path(f"{root}add/", records.add, extra, name=f"{kind.one}_add")
    for what in lists.CHOICES if kind.is_clients else ():
        yield path(f"{root}choose/{what}/", lists.choose, extra | {"what": what}, name=f"{kind.one}_choose_{what}")
    yield path(f"{root}export.csv", export.export, extra, name=f"{kind.one}_export")
    yield path(f"{root}status/", lists.set_status, extra, name=f"{kind.one}_status")
    yield path(f"{root}status/undo/<uuid:group>/", lists.undo_status, extra, name=f"{kind.one}_status_undo")
    yield path(f"{root}deleted/", records.bin_of, extra, name=f"{kind.one}_bin")
    yield path(one, records.overview, extra, name=kind.one)
    yield path(f"{one}edit/", records.edit, extra, name=f"{kind.one}_edit")
    yield path(f"{one}assigned/", records.assigned, extra, name=f"{kind.one}_assigned")
    yield path(f"{one}availability/", records.availability, extra, name=f"{kind.one}_availability")
    yield path(f"{one}permissions/", records.permissions, extra, name=f"{kind.one}_permissions")
    yield path(f"{one}history/", records.history_tab, extra, name=f"{kind.one}_history")
    yield path(f"{one}status/", records.change_status, extra, name=f"{kind.one}_set_status")
    yield path(f"{one}welcome/", records.welcome, extra, name=f"{kind.one}_welcome")
    yield path(f"{one}two-steps/reset/", second_factor.reset, extra, name=f"{kind.one}_second_factor_reset")
    yield path(f"{one}delete/", records.delete, extra, name=f"{kind.one}_delete")
    yield path(f"{one}recover/", records.recover, extra, name=f"{kind.one}_recover")


urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.second_step, name="sign_in_code"),
    path("sign-in/passkey/", sign_in.passkey_options, name="sign_in_passkey_options"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("find/", sign_up.find, name="find"),
    path("new-password/", passwords.ask, name="password_ask"),
    path("set-password/<uuid:user_id>/<str:token>/", passwords.choose, name="password_set"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account_password"),
    path("account/two-steps/", second_factor.own, name="account_second_factor"),
    path("account/two-steps/codes/", second_factor.renew, name="account_recovery_codes"),
    path("account/two-steps/off/", second_factor.turn_off, name="account_second_factor_off"),
    path("account/two-steps/confirm/", second_factor.confirm, name="account_confirm"),
    path("account/two-steps/app/", second_factor.app, name="account_app"),
    path("account/two-steps/app/off/", second_factor.app_off, name="account_app_off"),
    path("account/two-steps/passkeys/options/", passkeys.options, name="account_passkey_options"),
    path("account/two-steps/passkeys/add/", passkeys.add, name="account_passkey_add"),
    path("account/two-steps/passkeys/<uuid:passkey_id>/", passkeys.one, name="account_passkey"),
    path("account/two-steps/passkeys/<uuid:passkey_id>/remove/", passkeys.remove, name="account_passkey_remove"),
    path("account/availability/", account.availability, name="account_availability"),
    path("account/tokens/", account.tokens, name="account_tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", account.revoke, name="account_token_revoke"),
    path("settings/permissions/", permissions.matrix, name="permissions"),
    path("settings/permissions/<slug:role>/", permissions.bulk, name="permissions_bulk"),
    path("settings/permissions/<slug:role>/undo/<uuid:group>/", permissions.undo, name="permissions_undo"),
    *(pattern for kind in KINDS for pattern in _of(kind)),
]
