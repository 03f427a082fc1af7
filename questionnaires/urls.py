"""Addresses of anamneses; finishing one stands in profiles."""

from django.urls import URLPattern, path, re_path

from questionnaires.views import (
    clients,
    deaths,
    devices,
    filling,
    fragments,
    reviewing,
    saving,
    starting,
    tablet,
)

urlpatterns: list[URLPattern] = [
    path("clienten/<uuid:public_id>/gegevens/", clients.client_edit, name="client-edit"),
    path("clienten/<uuid:public_id>/terug/", clients.client_return, name="client-return"),
    path("clienten/<uuid:public_id>/overlijden/", deaths.client_death, name="client-death"),
    path("clienten/<uuid:public_id>/overlijden/nee/", deaths.client_lives, name="client-lives"),
    path("clienten/<uuid:public_id>/overlijden/terug/", deaths.client_death_undo, name="client-death-undo"),
    path("clienten/<uuid:public_id>/anamnese/", starting.start, name="anamnese-start"),
    path("anamneses/<uuid:public_id>/", filling.fill, name="anamnese-fill"),
    path("anamneses/<uuid:public_id>/antwoorden/", saving.save, name="anamnese-save"),
    path("anamneses/<uuid:public_id>/nakijken/", reviewing.review, name="anamnese-review"),
    path("anamneses/<uuid:public_id>/datum/", starting.change_date, name="anamnese-date"),
    path("anamneses/<uuid:public_id>/weggooien/", starting.discard, name="anamnese-discard"),
    path("anamneses/<uuid:public_id>/terughalen/", starting.bring_back, name="anamnese-bring-back"),
    path("anamneses/<uuid:public_id>/overnemen/", starting.take_over, name="anamnese-take-over"),
    path("anamneses/<uuid:public_id>/corrigeren/", starting.correct, name="anamnese-correct"),
    path("anamneses/<uuid:public_id>/vragen/<slug:slug>/", filling.screen, name="anamnese-screen"),
    path("tablet/toestellen/<uuid:public_id>/", devices.report, name="tablet-device"),
    path("tablet/toestellen/<uuid:public_id>/stand/", devices.standing, name="tablet-standing"),
    path("team/toestellen/", devices.device_list, name="device-list"),
    path("team/toestellen/<uuid:page_id>/", devices.device_page, name="device-page"),
    path("team/toestellen/<uuid:page_id>/weg/", devices.device_put_away, name="device-put-away"),
    path("team/toestellen/<uuid:page_id>/<slug:state>/", devices.device_decide, name="device-decide"),
    path("tablet/vragen/<slug:digest>.html", fragments.questions, name="tablet-questions"),
    path("tablet/sleutels/", tablet.new_keys, name="tablet-keys"),
    re_path(r"^tablet/sleutels/(?P<nonce>[0-9a-f]{32})/$", tablet.recover, name="tablet-recovery"),
    re_path(r"^tablet/sleutels/(?P<nonce>[0-9a-f]{32})/zegel/$", tablet.unseal, name="tablet-unsealing"),
]
