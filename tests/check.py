"""What `make check` runs: every check, one after the other, and at the end which ones failed."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config import environment, servers
from tests import bare_text, direction, front, trigger_direction

ROOT = environment.ROOT
LOCK_FILES = (ROOT / "config" / "requirements.txt", ROOT / "config" / "requirements-dev.txt")
ADDRESS = re.compile(r"https?://|git\+|--(?:extra-)?index-url|--find-links|--trusted-host")


@dataclass(frozen=True)
class Check:
    """A name for the report, and the work, which says whether all is well."""

    name: str
    passes: Callable[[], bool]


def main() -> int:
    """Run all checks and return the exit code."""
    _leave_other_servers_alone()
    failed = [check.name for check in CHECKS if not _run(check)]
    sys.stdout.write(f"check: {', '.join(failed)} failed\n" if failed else "check: all is well\n")
    return 1 if failed else 0


def template_problems() -> Iterator[str]:
    """Yield what is wrong in a template: it does not compile, or names a template or page that is absent."""
    import django
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    for folder in (ROOT / "templates", *ROOT.glob("*/templates")):
        for file in sorted(folder.rglob("*.*")):
            name = str(file.relative_to(folder))
            try:
                template = get_template(name)
                yield from (f"{name}: {problem}" for problem in _dangling(template))
            except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
                yield f"{name}: {type(error).__name__}: {error}"


def _dangling(template: object) -> Iterator[str]:
    """Yield the names of templates and pages that a template uses and that do not exist."""
    from django.template.defaulttags import URLNode
    from django.template.loader import get_template
    from django.template.loader_tags import ExtendsNode, IncludeNode
    from django.urls import get_resolver

    nodes = template.template.nodelist  # type: ignore[attr-defined]
    names = [node.template.var for node in nodes.get_nodes_by_type(IncludeNode)]
    names += [node.parent_name.var for node in nodes.get_nodes_by_type(ExtendsNode)]
    for name in names:
        if isinstance(name, str):
            get_template(name)
    pages = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    for node in nodes.get_nodes_by_type(URLNode):
        page = node.view_name.var
        if isinstance(page, str) and ":" not in page and page not in pages:
            yield f"no page is called {page!r}"


def _templates() -> bool:
    problems = list(template_problems())
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return not problems


def _all_text_translated() -> bool:
    problems = list(bare_text.bare_texts())
    sys.stdout.write("".join(f"not through gettext: {problem}\n" for problem in problems))
    return not problems


def _pages_look_one_way() -> bool:
    found = [f"names a higher app: {one}" for one in direction.upward_names()]
    triggers = trigger_direction.triggers_of_migrations()
    found += trigger_direction.foreign_writes(triggers, trigger_direction.tables_by_app())
    sys.stdout.write("".join(f"{one}\n" for one in found))
    return not found


def lock_files_without_addresses() -> bool:
    """Say whether the lock files name packages only, and no place to get them from."""
    found = [file.name for file in LOCK_FILES if ADDRESS.search(file.read_text("utf-8"))]
    sys.stdout.write("".join(f"an address in {name}\n" for name in found))
    return not found


def _program(*arguments: str) -> Callable[[], bool]:
    def passes() -> bool:
        return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode == 0

    return passes


def _leave_other_servers_alone() -> None:
    for name in servers.NAMES:
        os.environ.pop(name, None)
    os.environ["DRAAGVLAK_VAR"] = str(environment.var_folder() / "test" / "check")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"


def _run(check: Check) -> bool:
    sys.stdout.write(f"── {check.name}\n")
    sys.stdout.flush()
    return check.passes()


IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = (
    Check("ruff", _program("-m", "ruff", "check", ".")),
    Check("ruff format", _program("-m", "ruff", "format", "--check", ".")),
    Check("mypy", _program("-m", "mypy")),
    Check("import-linter", _program("-c", IMPORTS)),
    Check("missing migrations", _program("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("scripts: format", front.scripts_are_formatted),
    Check("scripts: lint", front.scripts_are_sound),
    Check("scripts: types", front.scripts_are_typed),
    Check("templates: format and lint", front.templates_are_formatted),
    Check("scripts and templates: lines", front.lines_are_short),
    Check("templates", _templates),
    Check("pages, templates, tags and triggers look one way", _pages_look_one_way),
    Check("text of templates through gettext", _all_text_translated),
    Check("lock files", lock_files_without_addresses),
)

if __name__ == "__main__":
    sys.exit(main())
