"""Addresses of filling in, and of changing what anamneses hang on."""

from django.urls import URLPattern, path

from questionnaires.anamneses.views import clients, deaths, filling, fragments, reviewing, saving, starting

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
    path("tablet/vragen/<slug:digest>.html", fragments.questions, name="tablet-questions"),
]
