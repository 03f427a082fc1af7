"""No app names what a higher one has: pages, tags and templates."""

from pathlib import Path

import pytest

from tests import direction


def test_nothing_of_a_higher_app_is_named() -> None:
    assert list(direction.upward_names()) == []


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("templates/care/page.html", "{% url 'file-list' %}", "'file-list' is of declarations"),
        ("templates/components/page.html", "{% load i18n balance %}", "'balance' is of profiles"),
        ("templates/care/page.html", "{% include 'profiles/period.html' %}", "'profiles/' is of profiles"),
        ("profiles/view.py", 'redirect("link-list")', "'link-list' is of exchange"),
        ("care/shown.py", 'Link(1, "due-list", "")', "'due-list' is of profiles"),
        ("care/view.py", 'reverse("due-list" if there else "start")', "'due-list' is of profiles"),
    ],
)
def test_what_names_a_higher_app_is_found(
    file: str, text: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = tmp_path / "profiles" / "templatetags"
    tags.mkdir(parents=True)
    (tags / "balance.py").touch()
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text, "utf-8")
    monkeypatch.setattr(direction, "ROOT", tmp_path)
    assert list(direction.upward_names()) == [f"{file}: {name}"]
