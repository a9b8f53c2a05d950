from django.urls import path

from daybook.web.people.views import sign_in, sign_up

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("find/", sign_up.find, name="find"),
]
