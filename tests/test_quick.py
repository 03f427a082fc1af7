"""`make quick`: which tests belong to which changed files."""

from pathlib import PurePosixPath

from config import environment
from tests import quick


def chosen(*files: str) -> list[str]:
    return quick.tests_of(map(PurePosixPath, files))


def test_a_changed_test_comes_along_itself_also_a_live_one() -> None:
    assert chosen("tests/live/test_tls.py") == ["tests/live/test_tls.py"]


def test_nearest_come_first_then_those_of_the_room() -> None:
    found = chosen("care/accounts/throttle.py")
    assert found[0] == "tests/care/accounts/test_throttle.py"
    assert "tests/care/accounts/test_matrix.py" in found
    assert not [test for test in found if test.startswith("tests/care/clients/")]


def test_who_imports_a_module_comes_along_from_any_room_but_not_a_whole_site() -> None:
    importers = {test for test, names in quick._test_imports() if "declarations.aw319" in names}
    whole_sites = {test for test in importers if test.startswith("tests/live/")}
    assert whole_sites
    assert importers - whole_sites <= set(chosen("declarations/aw319.py"))
    assert whole_sites.isdisjoint(chosen("declarations/aw319.py"))


def test_a_script_of_the_tablet_brings_the_tests_of_its_modules() -> None:
    found = chosen("config/static/js/tablet/vault.js")
    assert "tests/tablet/test_modules.py" in found
    assert {test.rpartition("/")[0] for test in found} == {"tests/tablet"}


def test_words_bring_no_tests() -> None:
    assert chosen("README.md", "docs/look.md", "pyproject.toml") == []


def test_what_it_names_exists() -> None:
    found = chosen(
        "questionnaires/tablet/views.py", "profiles/schema/models.py", "templates/care/people.html"
    )
    assert found
    assert [test for test in found if not (environment.ROOT / test).is_file()] == []
