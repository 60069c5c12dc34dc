"""Two words stand for one command."""

import pytest

from jingwei.site.cli import joined

KNOWN = {"load_divisions", "import_cases", "migrate", "load_dispatch_rules", "check"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("load divisions FILE", "load_divisions FILE"),
        ("load dispatch-rules FILE --as 2026", "load_dispatch_rules FILE --as 2026"),
        ("load dispatch rules FILE", "load_dispatch_rules FILE"),
        ("import cases F --mapping M", "import_cases F --mapping M"),
        ("import_cases F", "import_cases F"),
        ("migrate areas", "migrate areas"),
        ("migrate", "migrate"),
        ("nonsense here", "nonsense here"),
    ],
)
def test_words_join_to_a_known_command(typed: str, meant: str) -> None:
    assert joined(typed.split(), KNOWN) == meant.split()
