"""Every sentence that is shown can be translated: the platform has to find it in the source."""

import ast

from model_sources import REPO

ADDON = REPO / "klachtenbeheer"
FOLDERS = ("models", "wizard", "controllers", "tools")


def get_hidden_terms(tree):
    """Lines on which a sentence to translate is inside an f-string. On Python 3.11 and older the
    platform's export reads an f-string as one word, so the sentence stays English in a Dutch
    letter."""
    return [
        node.lineno
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_"
    ]


def test_no_sentence_hides_in_an_f_string():
    found = {
        f"{path.relative_to(ADDON)}:{line}"
        for folder in FOLDERS
        for path in (ADDON / folder).rglob("*.py")
        for line in get_hidden_terms(ast.parse(path.read_text()))
    }
    assert not found


def test_it_would_be_seen():
    assert get_hidden_terms(ast.parse("""f"{name} ({self.env._('leads')})" """)) == [1]
