"""A model field that stands encrypted in the database."""

from typing import Any

from django.db import models

from care.schema import crypto


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM in the database. It cannot be searched or sorted; empty text stays empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def purpose(self) -> str:
        """Binds a value to its column, so that it cannot be moved to another."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def _check_str_default_value(self) -> list[Any]:
        return []  # BinaryField wants bytes here; in Python this field is text

    def get_default(self) -> Any:
        """Return empty text, where BinaryField would return empty bytes."""
        return super().get_default() or ""

    def get_prep_value(self, value: Any) -> bytes | None:
        """Return the token to store."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(self.purpose)
        return crypto.encrypt(value.encode(), purpose=self.purpose)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """Return the text that stands in a token."""
        if value is None:
            return None
        return crypto.decrypt(bytes(value), purpose=self.purpose).decode()

    def to_python(self, value: Any) -> Any:
        """Leave text as it is (BinaryField would take it for base64)."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Return the text, for forms and tests; fixtures of personal data are not made."""
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        """Return a plain text input."""
        from django import forms

        return models.Field.formfield(self, form_class=forms.CharField, **kwargs)


def sealed_fields(model: type[models.Model], *, through: str = "") -> list[str]:
    """Return the names of a model's encrypted fields, so as to leave them unread; `through` a relation."""
    before = f"{through}__" if through else ""
    return [before + field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
