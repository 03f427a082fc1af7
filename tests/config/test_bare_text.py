"""The check that no template holds text that gettext never sees."""

from pathlib import Path

import pytest

from tests.bare_text import bare_texts, bare_texts_of


def test_no_template_has_any() -> None:
    assert list(bare_texts()) == []


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>Opslaan</p>", ["Opslaan"]),
        ('<p>{% translate "Opslaan" %}</p>', []),
        ("{% blocktranslate count n=n %}Eén dag{% plural %}{{ n }} dagen{% endblocktranslate %}", []),
        ("{% blocktranslate trimmed %}Eén{% endblocktranslate %} dag", ["dag"]),
        ('<a href="/weg" class="terug" title="Ga terug">{{ name }}</a>', ["Ga terug"]),
        ("<a aria-label=\"{% translate 'Terug' %}\"></a>", []),
        ("{{ number }}en", ["xxen"]),
        ('{{ name|default:"niemand" }}', ["xx niemand"]),
        ('{{ names|join:", " }}', []),
        ("{# een opmerking #}{% comment %}nog een{% endcomment %}<!-- en nog een -->", []),
        ("<style>p { color: red }</style><script>let x = 1;</script>", []),
        ("<{{ element }} class='groot'>{{ text }}</{{ element }}>", []),
        ("<p>{score} / {maximum} (BSN, csv)</p>", []),
        ("<pre translate='no'>id;Q1\n1;1</pre><p>Weg</p>", ["Weg"]),
        ("<p>&lt;10 &amp; m&eacute;&eacute;r</p>", ["<10 & méér"]),
    ],
)
def test_it_finds_words_outside_of_gettext(source: str, texts: list[str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(source, "utf-8")
    assert [text for _line, text in bare_texts_of(file)] == texts


def test_it_says_where(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("{% if a %}\n<p>{{ b }}</p>\n{% endif %}\n<p>Weg</p>", "utf-8")
    assert bare_texts_of(file) == [(4, "Weg")]
