"""The roots of all addresses. The business's slug is not here: the middleware takes it off and puts it before."""

from django.urls import URLPattern, URLResolver, include, path

# The API is answered before any of these (config.middleware.ApiMiddleware).
urlpatterns: list[URLPattern | URLResolver] = [
    path("my/", include("daybook.portal.urls")),
    path("", include("daybook.ui.urls")),
    path("", include("daybook.web.urls")),
]

handler400 = "daybook.config.errors.bad_request"
handler403 = "daybook.config.errors.forbidden"
handler404 = "daybook.config.errors.not_found"
handler500 = "daybook.config.errors.server_error"
