"""Addresses of the persons in a file, and of what is done with several of them."""

from django.urls import URLPattern, path

from declarations.matching.views import bulk_actions, items, persons

urlpatterns: list[URLPattern] = [
    path("bestanden/<uuid:file>/verzekerden/", persons.queue_list, name="queue-list"),
    path("bestanden/<uuid:file>/verzekerden.csv", persons.queue_csv, name="queue-csv"),
    path("bestanden/<uuid:file>/verzekerden/gekozen/", persons.queue_selected, name="queue-selected"),
    path("bestanden/<uuid:file>/opnieuw/", items.queue_retry, name="queue-retry"),
    path("bestanden/<uuid:file>/overslaan/", bulk_actions.queue_exclude, name="queue-exclude"),
    path("bestanden/<uuid:file>/terugdraaien/", bulk_actions.queue_include, name="queue-include"),
    path("bestanden/<uuid:file>/anamnese/", bulk_actions.queue_ask, name="queue-ask"),
    path("bestanden/verzekerde/<uuid:item>/", items.item_page, name="queue-item"),
    path("bestanden/verzekerde/<uuid:item>/opnieuw/", items.item_retry, name="queue-item-retry"),
    path("bestanden/verzekerde/<uuid:item>/rest/", items.item_rest, name="queue-item-rest"),
    path("bestanden/verzekerde/<uuid:item>/overslaan/", bulk_actions.item_exclude, name="queue-item-exclude"),
    path("bestanden/verzekerde/<uuid:item>/anamnese/", bulk_actions.item_ask, name="queue-item-ask"),
    path(
        "bestanden/verzekerde/<uuid:item>/terugdraaien/", bulk_actions.item_include, name="queue-item-include"
    ),
]
