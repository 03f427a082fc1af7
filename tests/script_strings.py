"""Scripts that tests give to a page stand in `.js` files, where they are formatted, linted and typed.

In a string stays one expression of at most a line: no statement, no function with a body of its own.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from config import environment

TESTS = environment.ROOT / "tests"
#: Methods of a page that run what they are given.
RUNS = {
    "evaluate",
    "evaluate_handle",
    "evaluate_all",
    "wait_for_function",
    "add_init_script",
    "add_script_tag",
}
LONGEST = 100
#: How many there still are, from before this rule: it may only become less.
LEFT = 41


def scripts_in_strings() -> Iterator[str]:
    """Yield where a test gives a page a script that is more than an expression."""
    for file in sorted(TESTS.rglob("*.py")):
        yield from (f"{file.relative_to(TESTS)}:{line}" for line in _lines(file))


def _lines(file: Path) -> Iterator[int]:
    tree = ast.parse(file.read_text("utf-8"))
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    named = {
        target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS:
            given = [*node.args[:2], *(word.value for word in node.keywords)]
            if any(is_script(text_of(part, named)) for part in given):
                yield node.lineno


def text_of(node: ast.expr, named: dict[str, ast.expr]) -> str:
    """Return the text that an expression is, with what it is put together of; empty where it is none."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(text_of(value, named) for value in values)
        case ast.BinOp(left=left, right=right):
            return text_of(left, named) + text_of(right, named)
        case ast.Name(id=name) if name in named:
            return text_of(named[name], {key: value for key, value in named.items() if key != name})
    return ""


def is_script(text: str) -> bool:
    """Say whether a text is more than an expression of one line."""
    return len(text) > LONGEST or any(sign in text for sign in (";", "\n", "=> {"))
