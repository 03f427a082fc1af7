"""How form fields are drawn: as Django draws them, but never sent out to be checked for spelling."""

from typing import Any

from django.forms.renderers import TemplatesSetting

WRITTEN = frozenset({"text", "search", "email", "url", "tel", "password", "number"})


class FormRenderer(TemplatesSetting):
    """Marks every field that is written in with spellcheck="false".

    The enhanced spelling of Chrome and Edge sends what is typed to their makers: names, numbers, notes.
    Which field holds what about whom is not judged field by field.
    """

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """Draw a form, a field or a widget."""
        widget = context.get("widget")
        if widget and _is_written(widget):
            widget["attrs"].setdefault("spellcheck", "false")
        return super().render(template_name, context, request)


def _is_written(widget: dict[str, Any]) -> bool:
    return widget.get("type") in WRITTEN or widget["template_name"].endswith("textarea.html")
