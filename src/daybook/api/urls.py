"""Addresses below `/api/`, as the door resolves them."""

from django.urls import include, path

from daybook.api import docs
from daybook.api.v1 import api

app_name = "api"
# The framework's own page at the root of a version is left out: its document and pages stand beside it.
routes = [route for route in api.urls[0] if getattr(route, "name", "") != "api-root"]
urlpatterns = [
    path("v1/openapi.json", docs.openapi, name="openapi"),
    path("v1/docs", docs.page, name="docs"),
    path("v1/", include((routes, "v1"))),
]
