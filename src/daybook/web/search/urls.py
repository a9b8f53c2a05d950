from django.urls import path

from daybook.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/people/", views.people, name="people_choices"),
]
