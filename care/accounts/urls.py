"""Addresses of logging in, people, teams and settings."""

from django.urls import URLPattern, path

from care.accounts.views import people, session, settings, teams

urlpatterns: list[URLPattern] = [
    path("", session.start, name="start"),
    path("inloggen/", session.login, name="login"),
    path("uitloggen/", session.logout, name="logout"),
    path("tablet/vergrendelen/", session.lock, name="session-lock"),
    path("tablet/ontgrendelen/", session.reopen, name="session-reopen"),
    path("wachtwoord/", session.password_change, name="password_change"),
    path("wachtwoord/kiezen/<uidb64>/<token>/", session.password_set, name="password_set"),
    path("taal/", settings.language_choose, name="language-choose"),
    path("rol/", session.membership_choose, name="membership-choose"),
    path("mensen/", people.user_list, name="user-list"),
    path("mensen/nieuw/", people.user_add, name="user-add"),
    path("mensen/<uuid:public_id>/", people.user_edit, name="user-edit"),
    path("mensen/<uuid:public_id>/rol/", people.membership_add, name="membership-add"),
    path("mensen/<uuid:public_id>/link/", people.user_link, name="user-link"),
    path("mensen/rollen/<uuid:public_id>/", people.membership_edit, name="membership-edit"),
    path("mensen/rollen/<uuid:public_id>/aan-uit/", people.membership_switch, name="membership-switch"),
    path("teams/", teams.team_list, name="team-list"),
    path("teams/nieuw/", teams.team_add, name="team-add"),
    path("teams/<uuid:public_id>/", teams.team_edit, name="team-edit"),
    path("organisatie/", settings.organisation, name="organisation-settings"),
    path("mijn-instellingen/", settings.own, name="own-settings"),
]
