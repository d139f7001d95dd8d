"""One page that says what a run found: the ranking, its profile and concentration, and the ways of the ten worst."""

from __future__ import annotations

from html import escape

import numpy as np
import polars as pl

from liankit.errors import UserError
from liankit.risk.cascade.network import SupplyNetwork, find_places
from liankit.risk.cascade.paths import Path, Trace, find_paths, trace
from liankit.risk.cascade.report_charts import draw_concentration, draw_profile
from liankit.risk.cascade.run import EPS
from liankit.risk.cascade.scenarios import Scenarios, each_firm
from liankit.risk.cascade.tables import Floats

RANKED = 25
WORST = 10
SAME_SCORE = 1e-6
_NOTHING = "<p>No firm brings anything down.</p>"
_STYLE = """:root{color-scheme:light dark;--ink:#1b2430;--quiet:#5b6675;--line:#d5dbe3;--back:#fff;--main:#1f5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--quiet:#a3aebb;--line:#3a4552;--back:#161c24;--main:#7fb2ee}}
body{font:16px/1.55 system-ui,"Noto Sans SC",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:var(--ink);background:var(--back)}h1{margin-bottom:0}h2{margin-top:2.5rem}.q,figcaption{color:var(--quiet)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.5rem 0}
dl>div{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}dt{color:var(--quiet);font-size:.85rem}
dd{margin:0;font-size:1.35rem}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .5rem;border-bottom:1px solid var(--line);text-align:left}
.name{overflow-wrap:anywhere;min-width:7rem}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}dd{font-variant-numeric:tabular-nums}
figure{margin:1rem 0}svg{width:100%;max-width:40rem;height:auto}svg text{font-size:13px;fill:var(--quiet)}
svg line{stroke:var(--line)}polyline{fill:none;stroke:var(--main);stroke-width:2}.even polyline{stroke:var(--quiet);
stroke-width:1;stroke-dasharray:4}li{margin:.3rem 0;overflow-wrap:anywhere}ol{padding-left:1.6rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}}"""


def write_report(
    found: pl.DataFrame,
    network: SupplyNetwork,
    eps: float = EPS,
    *,
    weights: Floats | None = None,
    scenarios: Scenarios | None = None,
) -> str:
    """Return the page as HTML that needs no other file; ``found`` has firm_id, esri, esri_down, esri_up, steps.

    ``weights`` (firms,) or (firms, 1) say what counted in the run, sales without them; ``scenarios`` what failed in
    each row of ``found``, by its firm_id, each firm alone without them. Raises ``UserError`` where the scores of the
    worst firms are not those of the network: the ways would be those of another cascade.
    """
    ranked = found.sort("esri", descending=True, maintain_order=True)
    scores = ranked["esri"].to_numpy()
    parts = [
        '<h1>What a failing firm brings down</h1><p class="q">Economic Systemic Risk Index (ESRI): the share of all '
        "that counts which is lost when a firm fails alone; Diem et al., Scientific Reports 12:7719 (2022).</p>",
        _facts(scores, ranked, network),
        f"<h2>Which firms would bring down most?</h2>{_ranking(ranked.head(RANKED))}",
        f"<h2>How does the score fall with the rank?</h2>{_profile(scores)}",
        f"<h2>With how few firms does the risk lie?</h2>{_concentration(scores)}",
        f"<h2>On which ways do the {min(WORST, len(scores))} worst spread?</h2>",
        _ways(ranked.head(WORST), network, scenarios or each_firm(network), eps, weights),
        f"<h2>What do the figures rest on?</h2>{_coverage(network, eps)}",
    ]
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    title = "<title>What a failing firm brings down</title>"
    return f"{head}{title}<style>{_STYLE}</style><main>{''.join(parts)}</main></html>"


def _facts(scores: Floats, ranked: pl.DataFrame, network: SupplyNetwork) -> str:
    facts = {
        "Firms": f"{network.size:,}",
        "Links": f"{len(network.supplier):,}",
        "Sectors": f"{len(network.sectors):,}",
        "Firms scored": f"{len(scores):,}",
        "Highest ESRI": f"{scores.max(initial=0):.4f}",
        "Median ESRI": f"{np.median(scores):.2g}",
        "Mean steps": f"{np.mean(ranked['steps'].to_numpy()):.1f}",
    }
    return "<dl>" + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items()) + "</dl>"


def _ranking(rows: pl.DataFrame) -> str:
    body = "".join(
        f'<tr><td class="n">{place}</td><td class="name">{escape(row["firm_id"])}</td>'
        + "".join(f'<td class="n">{row[name]:.4f}</td>' for name in ("esri", "esri_down", "esri_up"))
        + f'<td class="n">{row["steps"]}</td></tr>'
        for place, row in enumerate(rows.iter_rows(named=True), 1)
    )
    heads = ('<th scope="col" class="n">Rank</th><th scope="col">Firm</th>') + "".join(
        f'<th scope="col" class="n">{name}</th>' for name in ("ESRI", "down", "up", "Steps")
    )
    said = "down: buyers lose inputs; up: suppliers lose sales; ESRI: the worse of the two, firm by firm."
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Ranking"><table><thead><tr>{heads}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><p class="q">{said}</p>'
    )


def _profile(scores: Floats) -> str:
    return draw_profile(scores[scores > 0]) if scores.any() else _NOTHING


def _concentration(scores: Floats) -> str:
    if not scores.any():
        return _NOTHING
    tops = {f"The {count:,} worst firms": count for count in (10, 100) if count < len(scores)}
    tops |= {"The worst 1 %": max(1, len(scores) // 100), "The worst 10 %": max(1, len(scores) // 10)}
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td class="n">{count:,}</td>'
        f'<td class="n">{scores[:count].sum() / scores.sum():.1%}</td></tr>'
        for name, count in tops.items()
    )
    heads = '<th scope="col">Who</th><th scope="col" class="n">Firms</th><th scope="col" class="n">Of the sum</th>'
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return draw_concentration(scores) + table


def _ways(worst: pl.DataFrame, network: SupplyNetwork, scenarios: Scenarios, eps: float, weights: Floats | None) -> str:
    places = find_places(worst["firm_id"], scenarios.ids, "found: the firm")
    counts = network.out_strength if weights is None else weights.reshape(-1)
    parts = []
    for place, row in zip(places, worst.iter_rows(named=True), strict=True):
        followed = trace(network, scenarios.part(place, place + 1), eps)
        _check_score(row, followed, counts)
        ways = "".join(f"<li>{_said(path, network.ids)}</li>" for path in find_paths(network, followed))
        hit = int(((followed.step_down > 0) | (followed.step_up > 0)).sum())
        said = f"{hit:,} other firms lose 1 % or more of their output, in {followed.steps} steps."
        parts.append(f"<h3>{escape(row['firm_id'])}</h3><p>{said}</p><ol>{ways}</ol>")
    legend = "→ an input is lost; ⇠ sales are lost. Listed: who loses most sales; each leg: who hit it first."
    return f'<p class="q">{legend}</p>' + "".join(parts)


def _check_score(row: dict[str, object], found: Trace, counts: Floats) -> None:
    score = counts @ np.maximum(found.down, found.up) / (counts.sum() or 1.0)
    if abs(score - float(str(row["esri"]))) > SAME_SCORE:
        said = f"found: the firm '{row['firm_id']}' has esri {row['esri']}, these tables give {score}."
        raise UserError(f"{said} Give the tables and options of the run.")


def _said(path: Path, ids: pl.Series) -> str:
    arrow = " → " if path.way == "down" else " ⇠ "
    return f"{escape(arrow.join(ids[firm] for firm in path.firms))}: loses {path.loss:.0%}"


def _coverage(network: SupplyNetwork, eps: float) -> str:
    buys, sells = network.in_strength > 0, network.out_strength > 0
    stands_in = "Firms of one market stand in for each other." if network.market is not None else "Nobody stands in."
    said = [
        f"Of {network.size:,} firms {int((~buys).sum()):,} have no supplier and {int((~sells).sum()):,} no buyer in "
        f"the links; {int((~buys & ~sells).sum()):,} have neither.",
        "A link that is not in the table carries no loss. Where much of what firms buy is not in it, the scores are "
        "too low and the ranking is that of what is known.",
        f"{stands_in} A cascade ends when nothing changes by more than {eps:g} in a step.",
    ]
    return "".join(f"<p>{line}</p>" for line in said)
