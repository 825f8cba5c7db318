"""Thousands of calls while parts of the machine die. `make soak` runs them in full; `make test`
runs half a minute of each.

The database server is one of its own, because it is stopped and started meanwhile.
"""

import os
import shutil
from dataclasses import replace

import pytest
import template
from common import run
from faults import OwnDatabase


@pytest.fixture(scope="session")
def is_full():
    """Say whether this is the full size."""
    return bool(os.environ.get("SOAK"))


@pytest.fixture(scope="session")
def own_database(ready):
    """Give a database server that a test may stop and start."""
    with OwnDatabase(ready.python) as found:
        yield found


@pytest.fixture(scope="session")
def own_ready(ready, own_database):
    """Give the environment with that database server in place of the shared one."""
    return replace(ready, database=own_database.database())


@pytest.fixture(scope="session")
def own_world(ready, own_ready, world_name, tmp_path_factory):
    """Give the name of a database with an organisation in it, on the server of its own.

    A test makes a copy of it: `template.temporary_copy(own_ready, own_world, "purpose")`.
    """
    dump = tmp_path_factory.mktemp("soak") / "dump"
    programs, name = ready.database.binaries, f"{template.TEMPORARY}soak_{os.getpid()}"
    run([programs / "pg_dump", "-Fc", "-f", dump, world_name], env=ready.database.environment())
    own_ready.database.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    run([programs / "pg_restore", "-d", name, dump], env=own_ready.database.environment())
    shutil.copytree(template.filestore(world_name), template.filestore(name))
    yield name
    template.drop(own_ready, name)
