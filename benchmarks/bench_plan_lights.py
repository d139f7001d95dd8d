"""How long all lights take, how often forecasts hold what comes, and what the test of quarter-end jumps finds."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import polars as pl
from tests.liankit.plan_cases import CASES, series

from liankit.plan.jumps import quarter_end_jumps
from liankit.plan.lights import LightThresholds, recompute
from liankit.plan.outlook import forecast_all
from liankit.plan.standing import TARGET_SCHEMA
from liankit.risk.scores import score_forecasts
from liankit.synthetic.reports import generate_reports

START, DAY, UNTIL = date(2021, 1, 1), date(2024, 9, 30), date(2025, 12, 31)
COUNTINGS = ("cumulative", "within", "level", "growth", "rate")


def measure(indicators: int, periods: int, units: int) -> tuple[float, pl.DataFrame]:
    """Return the seconds of recomputing every light of so many indicators, months and units, and the lights."""
    random, rows = np.random.default_rng(1), indicators * units
    days = pl.date_range(pl.lit(DAY).dt.offset_by(f"-{periods - 1}mo"), DAY, "1mo", eager=True)
    counting = np.array(COUNTINGS)[np.arange(rows) % len(COUNTINGS)]
    added = random.poisson(random.uniform(0.1, 2, (rows, 1)), (rows, periods)).astype(float)
    running = np.where(
        (counting == "rate")[:, None], 40 + 20 * random.random((rows, periods)), added.cumsum(axis=1) + 1
    )
    names = np.arange(rows).astype(str)
    values = pl.DataFrame(
        {"row": np.repeat(names, periods), "on": pl.concat([days] * rows), "value": running.ravel()}
    ).with_columns(evidence_on=pl.col("on"))
    goals = np.where(counting == "rate", 50, random.uniform(20, 120, rows).round())
    targets = pl.DataFrame({"row": names, "goal": goals, "counting": counting}).with_columns(
        comparator=pl.lit(">="), direction=pl.lit("up"), baseline=pl.lit(1.0), start=START, until=UNTIL,
        whole=pl.lit(100.0),
    ).select(*TARGET_SCHEMA)  # fmt: skip
    start = time.perf_counter()
    found = recompute(values, targets, DAY, LightThresholds())
    return time.perf_counter() - start, found.progress


def tell_coverage(points: int) -> None:
    """Print how often intervals of 80 % hold what comes, and the slope of the probabilities, 1 where calibrated."""
    for case in CASES:
        values, asked, came = series(case, 10_000, points)
        found = forecast_all(values, asked)
        held = ((found["low"].to_numpy() <= came) & (came <= found["high"].to_numpy())).mean()
        scores = score_forecasts(found["probability"], came >= asked["goal"].to_numpy())
        slope = f"{scores.slope.value:.2f}" if scores.slope else "too few"
        skill = f"{scores.skill.value:.2f}" if scores.skill else "too few"
        print(f"{case:24}{points:>3} values: held {held:6.1%}, slope {slope}, skill {skill}")


def tell_jumps(runs: int) -> None:
    """Print power and false alarms over 200 offices of which 20 game, and over 200 of which none does."""
    power, false, share, alarms = [], [], [], []
    for seed in range(runs):
        reports = generate_reports(seed=1000 + seed)
        flagged = set(quarter_end_jumps(reports.table).filter("is_flagged")["unit"])
        power.append(len(flagged & reports.planted) / len(reports.planted))
        false.append(len(flagged - reports.planted) / (200 - len(reports.planted)))
        share.append(len(flagged - reports.planted) / max(len(flagged), 1))
        honest = quarter_end_jumps(generate_reports(planted=0, seed=2000 + seed).table)
        alarms.append(honest["is_flagged"].any())
    print(
        f"20 of 200 offices game, {runs} runs: found {np.mean(power):.1%}, of the others flagged {np.mean(false):.2%},"
    )
    print(f"  false among the flagged {np.mean(share):.1%}; where none games, runs with any flag {np.mean(alarms):.0%}")


def main() -> None:
    """Print the seconds, then calibration, then the figures of the test of jumps."""
    seconds, lights = measure(500, 60, 200)
    told = ", ".join(f"{colour} {n:,}" for colour, n in lights["colour"].value_counts(sort=True).iter_rows())
    print(f"500 indicators x 60 months x 200 units recomputed in {seconds:.1f} s ({told})")
    for points in (4, 8, 16):
        tell_coverage(points)
    tell_jumps(20)


if __name__ == "__main__":
    main()
