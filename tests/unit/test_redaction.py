"""Nothing is left under a bar, and nothing of the name beside it."""

import pytest
from klachtenbeheer_tools.redaction import BAR, black_out


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Piet de Vries kwam", ["Piet de Vries"], f"{BAR} kwam"),
        ("meneer DE VRIES kwam", ["Piet de Vries"], f"meneer DE {BAR} kwam"),
        ("met Piet gesproken", ["Piet de Vries"], f"met {BAR} gesproken"),
        ("de pieterman", ["Piet de Vries"], "de pieterman"),
        ("mail piet@proef.example.", ["piet@proef.example"], f"mail {BAR}."),
        ("bel 06 - 1234.5678", ["0612345678"], f"bel {BAR}"),
        ("Kade 1\n1234 AB", ["Kade 1\n1234 AB"], f"{BAR}\n{BAR}"),
        ("over [[haar\nziekte]] heen", [], f"over {BAR} heen"),
        ("", ["Piet"], ""),
    ],
)
def test_names_and_marked_passages_go(text, names, expected):
    assert black_out(text, names) == expected


def test_what_somebody_shares_with_others_stays():
    assert black_out("Familie Jansen", ["Piet Jansen"], kept=["Kees Jansen"]) == "Familie Jansen"


def test_the_length_of_a_bar_tells_nothing():
    assert black_out("Piet", ["Piet"]) == black_out("Wilhelmina", ["Wilhelmina"]) == BAR
