"""Addresses of clients and what becomes of their profiles in time."""

from django.urls import URLPattern, path

from profiles.timeline.views import clients, consent, joining, reassessment

urlpatterns: list[URLPattern] = [
    path("clienten/", clients.client_list, name="client-list"),
    path("clienten/<uuid:public_id>/", clients.client_page, name="client-page"),
    path("clienten/<uuid:public_id>/bezwaar/", consent.objection, name="client-objection"),
    path("clienten/<uuid:public_id>/toestemming/", consent.consent, name="client-consent"),
    path("clienten/<uuid:public_id>/samenvoegen/", joining.choose, name="client-join-choose"),
    path("clienten/<uuid:public_id>/samenvoegen/<uuid:stays>/", joining.confirm, name="client-join"),
    path("clienten/<uuid:public_id>/gebeurd/", reassessment.record, name="client-event"),
    path("gebeurtenissen/<uuid:public_id>/weg/", reassessment.withdraw, name="event-withdraw"),
    path("tijd/", reassessment.due_list, name="due-list"),
    path("kalender/", reassessment.calendar, name="due-calendar"),
]
