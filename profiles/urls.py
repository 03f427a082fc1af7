"""Addresses of clients with their profiles."""

from django.urls import URLPattern, path

from profiles.views import (
    clients,
    ground,
    joining,
    paper,
    reassessment,
    results,
    shell,
    tablet,
    team,
    versions,
)

urlpatterns: list[URLPattern] = [
    path("clienten/", clients.client_list, name="client-list"),
    path("clienten/<uuid:public_id>/", clients.client_page, name="client-page"),
    path("clienten/<uuid:public_id>/bezwaar/", ground.objection, name="client-objection"),
    path("clienten/<uuid:public_id>/toestemming/", ground.consent, name="client-consent"),
    path("clienten/<uuid:public_id>/samenvoegen/", joining.choose, name="client-join-choose"),
    path("clienten/<uuid:public_id>/samenvoegen/<uuid:stays>/", joining.confirm, name="client-join"),
    path("clienten/<uuid:public_id>/gebeurd/", reassessment.record, name="client-event"),
    path("gebeurtenissen/<uuid:public_id>/weg/", reassessment.withdraw, name="event-withdraw"),
    path("tijd/", reassessment.due_list, name="due-list"),
    path("kalender/", reassessment.calendar, name="due-calendar"),
    path("anamneses/<uuid:public_id>/afronden/", results.finish, name="anamnese-finish"),
    path("anamneses/<uuid:public_id>/profiel/", results.of_anamnese, name="anamnese-profile"),
    path("profielen/<uuid:public_id>/", results.profile_page, name="profile-page"),
    path("profielen/<uuid:public_id>/papier.pdf", paper.summary, name="profile-paper"),
    path("profielen/<uuid:public_id>/uitleg.pdf", paper.explanation, name="profile-explanation"),
    path("versies/", versions.listing, name="versions"),
    path("versies/vragenlijsten/<slug:digest>.json", versions.instrument, name="instrument-text"),
    path("versies/modellen/<slug:digest>.json", versions.model, name="model-text"),
    path("tablet/", shell.shell, name="tablet"),
    path("tablet/en/", shell.shell, {"language": "en"}, name="tablet-en"),
    path("tablet/app.webmanifest", shell.manifest, name="tablet-manifest"),
    path("sw.js", shell.worker, name="tablet-worker"),
    path("tablet/pakket/", tablet.package, name="tablet-package"),
    path("tablet/anamneses/<uuid:public_id>/", tablet.anamnese, name="tablet-anamnese"),
    path("tablet/anamneses/<uuid:public_id>/doorgeven/", tablet.hand_over, name="tablet-hand-over"),
    path("team/", team.overview, name="team-overview"),
    path("team/verschillen/", team.differences, name="difference-list"),
]
