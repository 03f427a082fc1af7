"""Logging in and out, and what happens when that goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell that the form was open too long, or came from elsewhere; what was typed can be had back."""
    return render(request, "care/csrf_failure.html", status=403)
