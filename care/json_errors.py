"""Errors for the product's own scripts. What the API says to programs is `exchange.rest.problems`."""

from django.http import JsonResponse


def json_error(name: str, message: str = "", *, status: int, **more: object) -> JsonResponse:
    """Return an error: a name for the script, a sentence for the person (maybe none), and what helps."""
    told = {"message": message} if message else {}
    return JsonResponse({"error": name, **told, **more}, status=status)
