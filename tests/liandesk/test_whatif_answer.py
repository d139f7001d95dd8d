from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liandesk.whatif_world import LINE_SCHEMA, LINK_SCHEMA, link, product, tables

from liandesk.assess.whatif.answer import LEAST, answer, load
from liankit.risk.cascade.reference import cascade
from liankit.risk.spread import SETTLED, bounds_of

_SIZE = 8
_ENDS = st.tuples(st.integers(0, _SIZE - 1), st.integers(0, _SIZE - 1))
_SHARES = st.tuples(st.sampled_from([0.0, 0.2, 0.5]), st.sampled_from([0.5, 0.9, 1.0]))
_NETWORKS = st.dictionaries(_ENDS, _SHARES, max_size=16)


@settings(max_examples=20, deadline=None)
@given(_NETWORKS, st.integers(0, _SIZE - 1), st.sampled_from([0.3, 1.0]))
def test_following_what_can_be_reached_finds_what_following_everything_does(
    network: dict[tuple[int, int], tuple[float, float]], failing: int, loss: float
) -> None:
    lines = pl.DataFrame([product(f"N{i}", f"O{i}", f"O{i}", f"P{i}") for i in range(_SIZE)], schema=LINE_SCHEMA)
    made = [link(f"N{i}", f"N{j}", f"I-N{i}", shares) for (i, j), shares in network.items()]
    links = pl.DataFrame(made, schema=LINK_SCHEMA)
    lines = lines.with_columns(coverage=pl.lit(1.0), output_cny=pl.lit(1.0))
    hits = answer(load(lines, links), pl.DataFrame({"line": [f"N{failing}"], "loss": [loss]}), (), 0.5).hits
    shock = np.zeros(_SIZE)
    shock[failing] = loss
    low, high = (1 - cascade(part, shock, np.zeros(_SIZE), SETTLED).down for part in bounds_of(lines, links))
    found = {int(line[1:]): ends for line, *ends in hits.select("line", "stake_low", "stake_high").iter_rows()}
    assert set(found) == set(np.flatnonzero(high >= LEAST))
    for place, ends in found.items():
        np.testing.assert_allclose(ends, [low[place], high[place]], atol=1e-6)


def test_of_a_failing_line_its_way_its_day_and_its_loss_are_its_own() -> None:
    made = tables()
    found = answer(
        load(made["cascade_lines"], made["cascade_links"]), pl.DataFrame({"line": ["N-bag"], "loss": [0.25]}), (), 0.5
    )
    said = found.hits.select("step", "loss_low", "loss_high", "before_line", "day_low").rows()
    assert said == [(0, 0.25, 0.25, None, 0.0)]
    assert found.stops.is_empty()
