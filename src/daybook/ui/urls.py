"""The gallery of parts: only where the installation is in debug."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from daybook.ui import gallery

urlpatterns = (
    [
        path("gallery/", gallery.gallery),
        path("gallery/errors/<int:status>/", gallery.error),
        path("gallery/<slug:part>/", gallery.gallery),
    ]
    if settings.DEBUG
    else []
)
