"""Texts of models: marked here, translated where they are shown."""


def translatable(text: str) -> str:
    """Mark a text for the catalogue of translations; it stays as it is."""
    return text
