"""Addresses of logging in and out."""

from django.urls import URLPattern, path

from care.accounts.views import session

urlpatterns: list[URLPattern] = [
    path("", session.start, name="start"),
    path("inloggen/", session.login, name="login"),
    path("uitloggen/", session.logout, name="logout"),
    path("tablet/vergrendelen/", session.lock, name="session-lock"),
    path("tablet/ontgrendelen/", session.reopen, name="session-reopen"),
    path("wachtwoord/", session.password_change, name="password_change"),
    path("wachtwoord/kiezen/<uidb64>/<token>/", session.password_set, name="password_set"),
    path("rol/", session.membership_choose, name="membership-choose"),
]
