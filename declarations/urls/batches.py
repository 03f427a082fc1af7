"""Addresses of what an officer does with a whole group of a file."""

from django.urls import URLPattern, path

from declarations.views import batches

urlpatterns: list[URLPattern] = [
    path("bestanden/<uuid:file>/overslaan/", batches.queue_exclude, name="queue-exclude"),
    path("bestanden/<uuid:file>/terugdraaien/", batches.queue_include, name="queue-include"),
    path("bestanden/<uuid:file>/anamnese/", batches.queue_ask, name="queue-ask"),
    path("bestanden/verzekerde/<uuid:item>/overslaan/", batches.item_exclude, name="queue-item-exclude"),
    path("bestanden/verzekerde/<uuid:item>/anamnese/", batches.item_ask, name="queue-item-ask"),
    path("bestanden/verzekerde/<uuid:item>/terugdraaien/", batches.item_include, name="queue-item-include"),
]
