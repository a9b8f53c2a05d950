"""The roots of all addresses. The business's slug is not here: the middleware takes it off and puts it before."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# The API is answered before any of these (config.middleware.ApiMiddleware).
# Doors are being built side by side: the ones that are not there yet are left out.
_DOORS = [
    ("my/", "daybook.portal.urls"),
    ("", "daybook.ui.urls"),
    ("", "daybook.web.urls"),
]


def _is_there(module: str) -> bool:
    return find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None


urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module)) for prefix, module in _DOORS if _is_there(module)
]

handler400 = "daybook.config.errors.bad_request"
handler403 = "daybook.config.errors.forbidden"
handler404 = "daybook.config.errors.not_found"
handler500 = "daybook.config.errors.server_error"
