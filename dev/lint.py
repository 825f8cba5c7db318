"""Checks the style of Python, XML and JavaScript, or applies it with --fix. See `make help`.

Arguments choose some of the checks: ruff, pylint, xml, prettier.
"""

import concurrent.futures
import shutil
import subprocess
import xml.etree.ElementTree
from pathlib import Path

from common import (
    ADDON,
    REPO,
    Problem,
    build_folder,
    cache_dir,
    digest,
    is_complete,
    lock,
    main,
    mark_complete,
    run,
    timed,
)
from python_env import ensure_python

DEV = Path(__file__).resolve().parent
FORMATTED = (".xml", ".js", ".mjs", ".scss", ".css")
FIX = "--fix"
PYLINT_CHECKS = [
    "--disable=all",
    "--enable=odoolint,anomalous-backslash-in-string,assignment-from-none,dangerous-default-value",
    "--enable=duplicate-key,pointless-statement,reimported,unreachable",
    "--disable=consider-merging-classes-inherited",  # one concept per file is our style
    "--disable=missing-readme",  # the one at the top of the repository is the readme
]


def lint(arguments):
    """Run the checks side by side; return 1 if one of them has something to say."""
    fix = FIX in arguments
    chosen = [argument for argument in arguments if argument != FIX] or list(CHECKS)
    unknown = set(chosen) - set(CHECKS)
    if unknown:
        raise Problem(f"unknown: {', '.join(unknown)}. There are: {', '.join(CHECKS)}")
    python = ensure_python()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = {name: pool.submit(CHECKS[name], python, fix) for name in chosen}
    good = [show(name, future.result()) for name, future in running.items()]
    return 0 if all(good) else 1


def show(name, outcome):
    """Print what a check said; say whether it found nothing."""
    code, output = outcome
    print(f"{name}: {'ok' if not code else 'FAILED'}")
    if output.strip():
        print(output.rstrip())
    return not code


def output_of(*commands):
    """Run commands; return the worst exit code and all they said."""
    done = [
        subprocess.run(
            list(map(str, command)),
            cwd=REPO,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for command in commands
    ]
    said = "".join(one.stdout for one in done if one.returncode)
    return max(one.returncode for one in done), said


def check_ruff(python, fix):
    """Lint and format Python."""
    ruff = python.with_name("ruff")
    if fix:
        return output_of([ruff, "check", "--fix", "--quiet", "."], [ruff, "format", "--quiet", "."])
    return output_of([ruff, "check", "--quiet", "."], [ruff, "format", "--check", "--quiet", "."])


def check_pylint(python, _fix):
    """Run the checks that know Odoo."""
    pylint = [python, "-m", "pylint", "--rcfile=pyproject.toml", "--score=n"]
    tests = f"{ADDON}/tests"
    return output_of(
        [*pylint, *PYLINT_CHECKS, f"--ignore-paths={tests}/", ADDON],
        # what a test posts is no sentence for a user; the plugin knows only a flat folder of tests
        [*pylint, *PYLINT_CHECKS, "--disable=translation-required", tests],
    )


def check_xml(_python, _fix):
    """Read every XML file: the formatter may be absent, and says less clearly what is wrong."""
    wrong = []
    for path in files(".xml", ".svg"):
        try:
            xml.etree.ElementTree.parse(path)
        except xml.etree.ElementTree.ParseError as error:
            wrong.append(f"{path.relative_to(REPO)}: {error}")
    return len(wrong), "\n".join(wrong)


def check_prettier(_python, fix):
    """Format XML, JavaScript and style sheets, where there is a node to do it."""
    if not (shutil.which("node") and shutil.which("npm")):
        return 0, "   skipped: no node and npm on this machine (apt-get install nodejs npm)"
    modules = node_modules()
    command = [
        "node",
        modules / "prettier/bin/prettier.cjs",
        "--config",
        DEV / "prettier.json",
        "--plugin",
        modules / "@prettier/plugin-xml/src/plugin.js",
        "--ignore-path",
        REPO / ".prettierignore",
        "--log-level=warn",
        "--write" if fix else "--check",
    ]
    found = files(*FORMATTED)
    return output_of([*command, *found]) if found else (0, "")


def node_modules():
    """Return the folder with prettier, installed in the cache when package.json changed."""
    description = DEV / "package.json"
    key = digest(description)
    place = cache_dir() / "node"
    with lock("node"):
        if not is_complete(place, key):
            with timed("prettier (once)"), build_folder(place) as folder:
                shutil.copy(description, folder)
                run(
                    ["npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit"],
                    cwd=folder,
                )
                mark_complete(folder, key)
    return place / "node_modules"


def files(*endings):
    """Return the files of the repository (new ones included) with some endings."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = run(command, cwd=REPO).split("\0")
    paths = [REPO / name for name in sorted(set(names)) if name.endswith(endings)]
    return [path for path in paths if path.is_file()]


CHECKS = {
    "ruff": check_ruff,
    "pylint": check_pylint,
    "xml": check_xml,
    "prettier": check_prettier,
}

if __name__ == "__main__":
    main(lint)
