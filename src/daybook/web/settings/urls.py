from django.urls import path

from daybook.web.settings import business, history, hub, logo, sign_in, tokens, words

urlpatterns = [
    path("settings/", hub.settings, name="settings"),
    path("settings/business/", business.edit, name="business"),
    path("settings/business/logo/", logo.change, name="logo_change"),
    path("settings/business/logo/remove/", logo.remove, name="logo_remove"),
    path("settings/business/sign-in/", sign_in.policy, name="sign_in_policy"),
    path("settings/business/history/", history.of_business, name="business_history"),
    path(
        "settings/services/<uuid:service_id>/history/",
        history.record,
        {"kind": history.SERVICE},
        name="service_history",
    ),
    path(
        "settings/locations/<uuid:location_id>/history/",
        history.record,
        {"kind": history.LOCATION},
        name="location_history",
    ),
    path(
        "settings/completion-types/<uuid:type_id>/history/",
        history.record,
        {"kind": history.TYPE},
        name="completion_type_history",
    ),
    path(
        "settings/closures/<uuid:closure_id>/history/",
        history.record,
        {"kind": history.CLOSURE},
        name="closure_history",
    ),
    path("settings/words/", words.edit, name="words"),
    path("settings/api/", tokens.listing, name="api_tokens"),
    path("settings/api/new/", tokens.issue, name="api_token_issue"),
    path("settings/api/<uuid:token_id>/revoke/", tokens.revoke, name="api_token_revoke"),
    path("logo/", logo.show, name="logo"),
]
