"""Addresses of what insurers answered."""

from django.urls import URLPattern, path

from declarations.replies import views

urlpatterns: list[URLPattern] = [
    path("bestanden/antwoorden/", views.reply_list, name="reply-list"),
    path("bestanden/antwoorden/<uuid:reply>/", views.reply_page, name="reply-page"),
    path("bestanden/antwoorden/<uuid:reply>/voortgang/", views.reply_progress, name="reply-progress"),
    path("bestanden/antwoorden/<uuid:reply>/weg/", views.reply_drop, name="reply-drop"),
    path("bestanden/<uuid:file>/antwoord/", views.file_reply, name="file-reply"),
]
