"""The rooms of klachtenbeheer/models use each other in one direction.

What each may use is the table in docs/architecture.md, “The rooms”.
"""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter

import pytest
from model_sources import (
    MODELS,
    REPO,
    calls_super,
    get_classes,
    get_files,
    get_imported_rooms,
    get_rooms,
    parse,
)

ROW = re.compile(r"^\| `(\w+)/` \| ([^|]*) \|", re.MULTILINE)
STOP = re.compile(r"^\d\. `([\w/]+\.py)` ([^:.]*)")
# Any record may be printed; a report asks it for the PDF that it has already.
ASKED_OF_ANY_RECORD = {"_get_stored_pdf"}
# A requirement asks a letter what it is about; which letter, it is given.
GIVEN = {"_get_subjects"}


def read_table():
    """What the architecture lets each room use: {room: set of rooms}."""
    text = (REPO / "docs/architecture.md").read_text()
    table = text.partition("## The rooms")[2].partition("\n## ")[0]
    return {room: set(re.findall(r"`(\w+)`", uses)) for room, uses in ROW.findall(table)}


def test_every_room_has_a_line_and_every_line_a_room():
    assert sorted(read_table()) == get_rooms()


def test_the_table_has_no_circle():
    """`static_order` raises on a circle."""
    assert set(TopologicalSorter(read_table()).static_order()) == set(get_rooms())


@pytest.mark.parametrize("path", get_files(), ids=lambda path: str(path.relative_to(MODELS)))
def test_a_file_imports_only_what_its_room_may_use(path):
    allowed = read_table()[path.parent.name] | {path.parent.name, "tools"}
    assert get_imported_rooms(path) <= allowed


@pytest.mark.parametrize("room", get_rooms())
def test_a_room_says_what_it_is_and_imports_its_files(room):
    tree = parse(MODELS / room / "__init__.py")
    assert ast.get_docstring(tree)
    assert sorted(_get_names(tree)) == [path.stem for path in get_files(room)]


def test_rooms_are_loaded_after_what_they_use():
    rooms = _get_names(parse(MODELS / "__init__.py"))
    assert sorted(rooms) == get_rooms()
    loaded = set()
    for room in rooms:
        assert read_table()[room] <= loaded, room
        loaded.add(room)


def _get_names(tree):
    return [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
        for alias in node.names
    ]


@cache
def get_own_rooms():
    """In which rooms each method of ours is defined, but for those of the platform."""
    found = {}
    of_platform = set()
    for line in get_classes():
        for name, method in line.methods.items():
            found.setdefault(name, set()).add(line.room)
            if calls_super(method):
                of_platform.add(name)
    return {name: rooms for name, rooms in found.items() if name not in of_platform}


@pytest.mark.parametrize("path", get_files(), ids=lambda path: str(path.relative_to(MODELS)))
def test_a_file_calls_no_method_of_a_room_above(path):
    below = read_table()[path.parent.name] | {path.parent.name}
    above = {
        name
        for name, rooms in get_own_rooms().items()
        if not rooms & below and name.startswith(("_", "action_"))
    }
    called = {node.attr for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)}
    assert not (called & above) - ASKED_OF_ANY_RECORD - GIVEN


@cache
def get_screen_fields():
    """Names of the fields that only the screens declare."""
    declared = {
        room: {name for line in get_classes() if line.room == room for name in line.fields}
        for room in get_rooms()
    }
    return declared.pop("screens").difference(*declared.values())


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in get_files() if path.parent.name != "screens"),
        *sorted((REPO / "klachtenbeheer/controllers").glob("*.py")),
    ],
    ids=lambda path: path.stem,
)
def test_nothing_is_decided_by_a_field_of_a_screen(path):
    """Screens show what a user may do; whether they may is asked of `access`."""
    read = {node.attr for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)}
    assert not read & get_screen_fields()


def read_walks():
    """The walks of the architecture: {title: list of (file, names of methods)}."""
    text = (REPO / "docs/architecture.md").read_text()
    walks, title = {}, None
    for line in text.partition("## A walk")[2].partition("\n## ")[0].splitlines():
        if line.startswith("**"):
            title = line.strip("*")
        elif found := STOP.match(line):
            walks.setdefault(title, []).append((found[1], re.findall(r"`(\w+)`", found[2])))
    return walks


@pytest.mark.parametrize(("title", "stops"), read_walks().items())
def test_a_walk_passes_eight_files_at_most(title, stops):
    assert 1 < len(stops) == len(dict(stops)) <= 8, title
    for file, methods in stops:
        defined = {
            node.name
            for node in ast.walk(parse(REPO / "klachtenbeheer" / file))
            if isinstance(node, ast.FunctionDef)
        }
        assert methods and set(methods) <= defined, file
