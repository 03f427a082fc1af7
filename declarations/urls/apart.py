"""Addresses of separate files."""

from django.urls import URLPattern, path

from declarations.views import apart

urlpatterns: list[URLPattern] = [
    path("bestanden/apart/", apart.apart_list, name="apart-list"),
    path("bestanden/apart/maken/", apart.apart_make, name="apart-make"),
    path("bestanden/apart/maken/<uuid:job>/", apart.apart_job, name="apart-job"),
    path("bestanden/apart/maken/<uuid:job>/voortgang/", apart.apart_job_progress, name="apart-job-progress"),
    path("bestanden/apart/<uuid:file>/", apart.apart_page, name="apart-page"),
]
