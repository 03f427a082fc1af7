"""What a page shows of higher apps: addresses of places, and panels."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString, mark_safe

from care.registries import panels, places

register = template.Library()


@register.simple_tag
def place(name: str, *given: object) -> str:
    """Return the address of a place."""
    return places.address(places.Place(name), *given)


@register.simple_tag(takes_context=True)
def show_panels(context: RequestContext, slot: str) -> SafeString:
    """Show what higher apps add to a slot of a page; each sees what the page sees."""
    engine: Any = context.template.engine  # type: ignore[union-attr]
    shown = [engine.get_template(name).render(context) for name in panels.templates_in(panels.Slot(slot))]
    return mark_safe("".join(shown))  # noqa: S308 - rendered by templates, which escape
