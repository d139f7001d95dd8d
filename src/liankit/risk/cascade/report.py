"""One page that says what a run found: the ranking, its profile and concentration, and the ways of the ten worst."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np
import polars as pl

from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.paths import Path, find_paths
from liankit.risk.cascade.run import EPS, losses_of
from liankit.risk.cascade.tables import Floats

RANKED = 50
WORST = 10
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #d5dbe3;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}.q{color:#5b6675}"""


def write_report(found: pl.DataFrame, network: SupplyNetwork, eps: float = EPS) -> str:
    """Return the page as HTML that needs no other file; ``found`` has firm_id, esri, esri_down, esri_up, steps."""
    ranked = found.sort("esri", descending=True)
    worst = ranked.head(WORST)["firm_id"].to_list()
    parts = [
        _facts(found, network),
        "<h2>Which firms would bring down most?</h2>" + _ranking(ranked.head(RANKED)),
        "<h2>How much of the risk lies with how few?</h2>" + _profile(ranked["esri"].to_numpy()),
        "<h2>On which ways do the ten worst spread?</h2>" + _ways(network, worst, eps),
    ]
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return f"{head}<title>Cascade report</title><style>{_STYLE}</style><h1>Cascade report</h1>{''.join(parts)}</html>"


def _facts(found: pl.DataFrame, network: SupplyNetwork) -> str:
    scores = found["esri"].to_numpy()
    total = scores.sum() or 1.0
    tenth = np.sort(scores)[::-1][: max(1, len(scores) // 10)].sum() / total
    said = [
        f"{network.size:,} firms in {len(network.sectors):,} sectors, {len(network.supplier):,} links, {len(scores):,} scored.",
        f"Highest ESRI {scores.max(initial=0):.4f}, median {np.median(scores):.2g}, mean steps {found['steps'].mean():.1f}.",
        f"The first tenth of the firms holds {tenth:.0%} of the sum.",
        "ESRI: the share of all output that is lost when a firm fails alone (Diem et al. 2022).",
    ]
    return "".join(f"<p>{escape(line)}</p>" for line in said)


def _ranking(rows: pl.DataFrame) -> str:
    body = "".join(
        f"<tr><td class=n>{place}</td><td>{escape(str(row['firm_id']))}</td>"
        + "".join(f"<td class=n>{row[name]:.4f}</td>" for name in ("esri", "esri_down", "esri_up"))
        + f"<td class=n>{row['steps']}</td></tr>"
        for place, row in enumerate(rows.iter_rows(named=True), 1)
    )
    heads = "<th class=n>Rank<th>Firm<th class=n>ESRI<th class=n>down<th class=n>up<th class=n>Steps"
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _profile(scores: Floats) -> str:
    """Draw the scores by rank, both axes by powers of ten."""
    shown = scores[scores > 0]
    if not len(shown):
        return "<p>No firm brings down any other.</p>"
    rank = np.unique(np.geomspace(1, len(shown), 200).astype(int))
    right, low = max(np.log10(len(shown)), 1e-9), np.floor(np.log10(shown[-1]))
    x, y = 60 + 520 * np.log10(rank) / right, 20 + 220 * np.log10(shown[rank - 1]) / min(low, -1)
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    marks = "".join(
        f'<text x="54" y="{20 + 220 * power / min(low, -1):.0f}" text-anchor="end" font-size="12">1e{int(power)}</text>'
        for power in range(0, int(min(low, -1)) - 1, -1)
    )
    alt = f"Scores by rank fall from {shown[0]:.3f} to {shown[-1]:.2g}"
    return (
        f'<svg viewBox="0 0 600 280" role="img" aria-label="{alt}">{marks}<polyline fill="none" stroke="#1f4e8c" '
        f'stroke-width="2" points="{line}"/><text x="320" y="270" text-anchor="middle" font-size="12">rank, 1 to '
        f"{len(shown):,} (log)</text></svg>"
    )


def _ways(network: SupplyNetwork, worst: Iterable[str], eps: float) -> str:
    arrays, ids = build_arrays(network), network.ids
    place = {name: at for at, name in enumerate(ids)}
    parts = []
    for name in worst:
        down, up = losses_of(arrays, place[name], eps)
        ways = "".join(f"<li>{_said(path, ids)}</li>" for path in find_paths(network, place[name], down, up))
        parts.append(f"<h3>{escape(name)}</h3><ol>{ways or '<li>It brings down no other firm.</li>'}</ol>")
    return "".join(parts)


def _said(path: Path, ids: pl.Series) -> str:
    arrows = {"down": " → ", "up": " ⇠ "}
    legs = "".join(arrows[way] + escape(ids[firm]) for way, firm in zip(path.ways, path.firms[1:], strict=True))
    return f"{escape(ids[path.firms[0]])}{legs}: loses {path.loss:.0%}"
