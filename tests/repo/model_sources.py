"""What the sources of klachtenbeheer/models tell: rooms, imports, models, methods, fields.

Read with `ast`; nothing of the addon is imported."""

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
MODELS = REPO / "klachtenbeheer/models"
COMPLAINT = "klachtenbeheer.complaint"
OURS = "klachtenbeheer."


@dataclass
class ModelClass:
    """One class of one file: which model it makes or extends, and what it defines."""

    room: str
    file: str  # in klachtenbeheer/models, e.g. complaint/storing.py
    model: str
    makes: bool  # the model is made here, not extended
    methods: dict = field(default_factory=dict)  # name → ast.FunctionDef
    fields: dict = field(default_factory=dict)  # name → ast.Call


def get_rooms():
    """The folders of models."""
    return sorted(path.parent.name for path in MODELS.glob("*/__init__.py"))


def get_files(room=None):
    """The source files of a room, or of all rooms, without their __init__."""
    pattern = f"{room or '*'}/*.py"
    return sorted(path for path in MODELS.glob(pattern) if path.name != "__init__.py")


@cache
def parse(path):
    return ast.parse(path.read_text())


def get_imported_rooms(path):
    """The other rooms that a file imports from."""
    return {
        node.module.partition(".")[0]
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and node.level == 2
    }


@cache
def get_classes():
    """All classes of models that are made or extended in a room."""
    return [
        found
        for path in get_files()
        for node in parse(path).body
        if isinstance(node, ast.ClassDef) and (found := _read_class(path, node))
    ]


def _read_class(path, node):
    constants = {
        target.id: statement.value.value
        for statement in parse(path).body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    assigned = {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    name, inherited = (_read_names(assigned.get(key), constants) for key in ("_name", "_inherit"))
    if not (name or inherited):
        return None
    [model] = name or inherited
    return ModelClass(
        room=path.parent.name,
        file=str(path.relative_to(MODELS)),
        model=model,
        makes=model not in inherited,
        methods={line.name: line for line in node.body if isinstance(line, ast.FunctionDef)},
        fields={key: value for key, value in assigned.items() if _is_field(value)},
    )


def _read_names(value, constants):
    match value:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=key) if key in constants:
            return [constants[key]]
        case ast.List(elts=elements):
            return [name for element in elements for name in _read_names(element, constants)]
        case _:
            return []


def _is_field(value):
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="fields"))):
            return True
        case _:
            return False


def calls_super(function):
    return any(isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(function))


def get_definitions(kind):
    """Where each method or field of each model is defined.

    :param kind: "methods" or "fields"
    :return: {(model, name): list of ModelClass}
    """
    found = {}
    for line in get_classes():
        for name in getattr(line, kind):
            found.setdefault((line.model, name), []).append(line)
    return found
