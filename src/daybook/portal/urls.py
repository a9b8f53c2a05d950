"""Addresses below `/my/`."""

from django.urls import path

from daybook.portal.views import account, availability, help, home, money, practitioners, second_factor, sessions

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("sessions/", sessions.listing, name="sessions"),
    path("sessions/<uuid:session_id>/", sessions.detail, name="session"),
    path("money/", money.overview, name="money"),
    path("money/statement.pdf", money.statement_document, name="statement_pdf"),
    path("money/invoices/<uuid:invoice_id>.pdf", money.invoice_document, name="invoice_pdf"),
    path("money/receipts/<uuid:payment_id>.pdf", money.receipt_document, name="receipt_pdf"),
    path("practitioners/", practitioners.listing, name="practitioners"),
    path("times/", availability.edit, name="availability"),
    path("help/", help.index, name="help"),
    path("help/<slug:article>/", help.article, name="help_article"),
    path("account/", account.edit, name="account"),
    path("account/two-steps/", second_factor.own, name="second_factor"),
    path("account/two-steps/codes/", second_factor.renew, name="recovery_codes"),
    path("account/two-steps/off/", second_factor.turn_off, name="second_factor_off"),
    path("account/two-steps/confirm/", second_factor.confirm, name="confirm"),
    path("account/two-steps/app/", second_factor.app, name="app"),
    path("account/two-steps/app/off/", second_factor.app_off, name="app_off"),
    path("account/two-steps/passkeys/options/", second_factor.passkey_options, name="passkey_options"),
    path("account/two-steps/passkeys/add/", second_factor.passkey_add, name="passkey_add"),
    path("account/two-steps/passkeys/<uuid:passkey_id>/", second_factor.passkey, name="passkey"),
    path("account/two-steps/passkeys/<uuid:passkey_id>/remove/", second_factor.passkey_remove, name="passkey_remove"),
    path("account/password/", account.password, name="password"),
]
