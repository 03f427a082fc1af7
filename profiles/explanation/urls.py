"""Addresses of finishing, of a profile with its explanation, and of that on paper."""

from django.urls import URLPattern, path

from profiles.explanation.views import pdf, results

urlpatterns: list[URLPattern] = [
    path("anamneses/<uuid:public_id>/afronden/", results.finish, name="anamnese-finish"),
    path("anamneses/<uuid:public_id>/profiel/", results.of_anamnese, name="anamnese-profile"),
    path("profielen/<uuid:public_id>/", results.profile_page, name="profile-page"),
    path("profielen/<uuid:public_id>/papier.pdf", pdf.summary, name="profile-paper"),
    path("profielen/<uuid:public_id>/uitleg.pdf", pdf.explanation, name="profile-explanation"),
]
