from django.urls import path

from daybook.web.settings import business, hub, logo, sign_in, tokens, words

urlpatterns = [
    path("settings/", hub.settings, name="settings"),
    path("settings/business/", business.edit, name="business"),
    path("settings/business/logo/", logo.change, name="logo_change"),
    path("settings/business/logo/remove/", logo.remove, name="logo_remove"),
    path("settings/business/sign-in/", sign_in.policy, name="sign_in_policy"),
    path("settings/words/", words.edit, name="words"),
    path("settings/api/", tokens.listing, name="api_tokens"),
    path("settings/api/new/", tokens.issue, name="api_token_issue"),
    path("settings/api/<uuid:token_id>/revoke/", tokens.revoke, name="api_token_revoke"),
    path("logo/", logo.show, name="logo"),
]
