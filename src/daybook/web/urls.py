"""The team's addresses. Each room lists its own; one line here takes it in."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("daybook.web.insights.urls")),
    path("", include("daybook.web.people.urls")),
    path("", include("daybook.web.scheduling.urls")),
    path("", include("daybook.web.catalog.urls")),
    path("", include("daybook.web.settings.urls")),
    path("", include("daybook.web.imports.urls")),
    path("", include("daybook.web.search.urls")),
    path("", include("daybook.web.money.urls")),
    path("", include("daybook.web.help.urls")),
]
