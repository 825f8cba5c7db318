"""No behaviour depends on the order in which files are loaded: what is defined, is defined once.

A complaint is extended in some forty files. Where two of them override the same method, the one
that happens to be imported last goes first; so nothing may be overridden beside each other. What a
sequence needs of a room above is declared in `complaint/extension_points.py`, a mixin, which comes
before all of them in whatever order they are loaded.
"""

import ast

import pytest
from model_sources import (
    COMPLAINT,
    MODELS,
    OURS,
    calls_super,
    get_classes,
    get_definitions,
    get_files,
    parse,
)

POINTS = "klachtenbeheer.complaint.extension"
# One room above adds to a method of a room below, and nobody else: the order is that of rooms.
ADDED_TO = {
    ("base", "create"): "access",
    ("base", "write"): "access",
    ("klachtenbeheer.deadline", "_compute_display_name"): "screens",
    ("klachtenbeheer.policy", "_get_checked_texts"): "letter",
    ("klachtenbeheer.policy", "action_publish"): "mail",
    ("klachtenbeheer.policy.role", "_get_assigning_users"): "access",
    ("mail.mail", "_check_letters"): "mail",
    ("res.company", "_complaint_today"): "demo",
}
# Hooks that two rooms use, each for records of its own.
INDEPENDENT = {
    ("base", "default_get"),
    ("base", "onchange"),
    ("ir.attachment", "write"),
    ("mail.mail", "_do_accept"),
    ("mail.mail", "_do_accept_only"),
    ("mail.mail", "_do_doubt"),
    ("mail.mail", "_do_fail"),
    ("mail.mail", "_do_wait"),
    ("mail.mail", "_may_leave"),
    ("mail.mail", "write"),
    ("mail.message", "create"),
    ("mail.message", "write"),
}
SEQUENCES = {
    "create": "complaint/registration.py",
    "_after_registration": "complaint/registration.py",
    "write": "complaint/storing.py",
    "_check_write": "complaint/storing.py",
    "_react_to_write": "complaint/storing.py",
    "record_event": "complaint/procedure.py",
    "_do_record_event": "complaint/procedure.py",
    "_before_event": "complaint/procedure.py",
    "_after_event": "complaint/procedure.py",
    "action_close": "complaint/closing.py",
    "_get_open_duties": "complaint/closing.py",
}


def get_extension_points():
    [mixin] = [line for line in get_classes() if line.model == POINTS]
    return mixin.methods


def test_a_method_is_defined_in_one_file():
    doubles = {
        key: sorted(line.file for line in lines)
        for key, lines in get_definitions("methods").items()
        if len(lines) > 1 and key not in INDEPENDENT
    }
    assert set(doubles) == set(ADDED_TO), doubles


@pytest.mark.parametrize("key", sorted(ADDED_TO))
def test_what_a_room_adds_to_a_method_goes_through_super(key):
    lower, upper = sorted(
        get_definitions("methods")[key], key=lambda line: line.room == ADDED_TO[key]
    )
    assert upper.room == ADDED_TO[key] != lower.room
    assert calls_super(upper.methods[key[1]])


@pytest.mark.parametrize("key", sorted(INDEPENDENT))
def test_rooms_that_use_a_hook_leave_the_records_of_others_alone(key):
    lines = [line for line in get_definitions("methods")[key] if line.room != "platform"]
    assert len(lines) > 1
    assert all(calls_super(line.methods[key[1]]) for line in lines)


def test_a_field_is_declared_in_one_file():
    doubles = {
        key: sorted(line.file for line in lines)
        for key, lines in get_definitions("fields").items()
        if len(lines) > 1
    }
    assert not doubles


@pytest.mark.parametrize(("method", "file"), SEQUENCES.items())
def test_each_sequence_is_written_in_one_place(method, file):
    assert [line.file for line in get_definitions("methods")[COMPLAINT, method]] == [file]


@pytest.mark.parametrize(("name", "point"), get_extension_points().items())
def test_an_extension_point_is_filled_in_by_the_file_that_it_names(name, point):
    [filled] = get_definitions("methods")[COMPLAINT, name]
    assert f"`{filled.file}`" in ast.get_docstring(point)
    assert filled.room != "complaint"
    assert not calls_super(filled.methods[name])


def test_an_extension_point_is_asked_for_by_the_complaint_or_what_is_above_it():
    asked = {
        node.attr
        for path in get_files()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute)
    }
    assert set(get_extension_points()) <= asked


def test_every_named_step_exists():
    """Each method that a sequence calls on the complaints themselves is one of theirs."""
    own = {name for model, name in get_definitions("methods") if model == COMPLAINT}
    known = own | set(get_extension_points())
    for method, file in SEQUENCES.items():
        [line] = get_definitions("methods")[COMPLAINT, method]
        steps = {
            node.func.attr
            for node in ast.walk(line.methods[method])
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("self", "complaints_su", "quietly", "mild")
            and node.func.attr.startswith("_")
        }
        assert steps <= known, (file, steps - known)


def get_daily_steps():
    """The steps of the daily job as they are written: lists of (model, due, work)."""
    [steps] = [
        node.value.elts
        for node in parse(MODELS / "daily/job.py").body
        if isinstance(node, ast.Assign) and node.targets[0].id == "STEPS"
    ]
    return [[argument.value for argument in step.args[:3]] for step in steps]


@pytest.mark.parametrize(("model", "due", "work"), get_daily_steps())
def test_every_step_of_the_daily_job_is_a_method_of_the_model_that_owns_it(model, due, work):
    methods = get_definitions("methods")
    for name in (due, work):
        [line] = methods[model, name]
        assert [argument.arg for argument in line.methods[name].args.args] == ["self", "today"]


def test_nobody_adds_to_the_daily_job_but_its_list():
    extended = [line.file for line in get_classes() if line.model == f"{OURS}daily.job"]
    assert extended == ["daily/job.py", "demo/history.py"]


def test_no_method_calls_super_of_another():
    """`super().write()` from a method that is not `write` skips whatever was loaded later."""
    wrong = [
        f"{line.file}: {name} calls super().{node.attr}"
        for line in get_classes()
        for name, method in line.methods.items()
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
        and node.attr != name
    ]
    assert not wrong
