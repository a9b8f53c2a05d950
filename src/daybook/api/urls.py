"""Addresses below `/api/`, as the door resolves them."""

from django.urls import include, path

from daybook.api import docs
from daybook.api.v1 import api

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", docs.openapi, name="openapi"),
    path("v1/docs", docs.page, name="docs"),
    path("v1/", include((api.urls[0], "v1"))),
]
