"""Addresses of what happens after a file was made."""

from django.urls import URLPattern, path

from declarations.views import checking, handover, outgoing, replies

urlpatterns: list[URLPattern] = [
    path("bestanden/nakijken/", checking.file_check, name="file-check"),
    path("bestanden/antwoorden/", replies.reply_list, name="reply-list"),
    path("bestanden/antwoorden/<uuid:reply>/", replies.reply_page, name="reply-page"),
    path("bestanden/antwoorden/<uuid:reply>/voortgang/", replies.reply_progress, name="reply-progress"),
    path("bestanden/antwoorden/<uuid:reply>/weg/", replies.reply_drop, name="reply-drop"),
    path("bestanden/<uuid:file>/vrijgeven/", handover.file_release, name="file-release"),
    path("bestanden/<uuid:file>/geblokkeerd/", handover.file_blocked, name="file-blocked"),
    path("bestanden/<uuid:file>/opnieuw-maken/", handover.file_again, name="file-again"),
    path("bestanden/<uuid:file>/aangeleverd/", outgoing.file_delivered, name="file-delivered"),
    path("bestanden/<uuid:file>/antwoord/", replies.file_reply, name="file-reply"),
    path(
        "bestanden/verzekerde/<uuid:item>/opnieuw-aanbieden/",
        outgoing.item_send_again,
        name="queue-item-send-again",
    ),
]
