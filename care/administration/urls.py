"""Addresses of people, teams and settings."""

from django.urls import URLPattern, path

from care.administration.views import people, settings, teams

urlpatterns: list[URLPattern] = [
    path("taal/", settings.language_choose, name="language-choose"),
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
