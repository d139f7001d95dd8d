"""What was compiled is good for the modules as they are, and for no others."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from liankit.risk.cascade.compiled import stamp

INNER = "from liankit.risk.cascade.compiled import compiled\n@compiled\ndef inner():\n    return {}\n"
OUTER = "from liankit.risk.cascade.compiled import compiled\nfrom loops_of_a_test.inner import inner\n" + (
    "@compiled\ndef outer():\n    return inner()\n"
)


def _computed(folder: Path, number: int) -> int:
    (folder / "inner.py").write_text(INNER.format(number))
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]
    importlib.invalidate_caches()
    stamp.cache_clear()  # a process of its own begins without one
    found: int = importlib.import_module(f"{folder.name}.outer").outer()
    return found


def test_a_loop_is_compiled_anew_when_one_that_it_calls_in_another_module_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two versions of one second would share it
    folder = tmp_path / "loops_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "outer.py").write_text(OUTER)
    assert [_computed(folder, number) for number in (1, 2, 2)] == [1, 2, 2]
    outer = sys.modules[f"{folder.name}.outer"].outer
    assert sum(outer.stats.cache_hits.values()) == 1  # the third time
