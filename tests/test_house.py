"""The manners of the house, where a machine can watch over them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.together import PARTY_OF

ROOT = Path(__file__).parents[1]
WINGS = ("agents", "graphql_api", "runtime", "scheduler")
MODULES = sorted(
    path for top in (*WINGS, "tests", "benchmarks") for path in (ROOT / top).rglob("*.py")
)
CATCHES_ALL = {
    "runtime/actors/turns.py",  # the actor loop
    "scheduler/performing.py",  # the job wrapper, around what an SDK does
    "scheduler/surviving.py",  # the job wrapper, around what we do
}
HTTP_EDGE = "graphql_api/"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def inside_loops(node: ast.AST, loop: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Yield each node, and whether it stands in a while loop."""
    yield node, loop
    for child in ast.iter_child_nodes(node):
        yield from inside_loops(child, loop or isinstance(node, ast.While))


def catches_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
        for kind in caught
    )


def test_every_module_says_what_it_is_for() -> None:
    without = [
        named(path)
        for path in MODULES
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    empty = [named(path) for path in MODULES if not path.stat().st_size]

    assert without == []
    assert [name for name in empty if not name.startswith("tests/")] == []


def test_everything_is_caught_in_three_places_only() -> None:
    places = {
        named(path)
        for path in MODULES
        if named(path).split("/")[0] in WINGS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_all(node)
    }

    assert {place for place in places if not place.startswith(HTTP_EDGE)} == CATCHES_ALL


def test_no_test_sleeps_but_to_look_again() -> None:
    """A sleep outside a loop is a guess at how long something takes."""
    guesses = []
    for path in MODULES:
        if not named(path).startswith("tests/"):
            continue
        for node, in_loop in inside_loops(tree(path)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="sleep")):
                    short = float(ast.unparse(node.args[0])) <= 0.1
                    if not (in_loop and short):
                        guesses.append(f"{named(path)}:{node.lineno}")
                case ast.ImportFrom(module="time", names=names):
                    guesses += [named(path) for each in names if each.name == "sleep"]

    assert guesses == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    excused = {
        f"{named(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"skip", "skipif", "xfail", "importorskip"}
        and ast.unparse(node.value).startswith("pytest")
    }

    assert excused == set()


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_nothing_is_left_for_later(word: str) -> None:
    left = [
        named(path)
        for path in MODULES
        if path != Path(__file__) and f"# {word}" in path.read_text(encoding="utf-8")
    ]

    assert left == []


def test_imports_go_down_only() -> None:
    done = subprocess.run(  # noqa: S603 - our own tool
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]


def test_who_shall_run_together_is_there() -> None:
    assert [file for file in PARTY_OF if not (ROOT / file).is_file()] == []
