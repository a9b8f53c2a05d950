from django.urls import path

from daybook.web.help import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/<slug:article>/", views.article, name="help_article"),
]
