"""Two people take the same step of a fulfilment at once; a sheet of payments whose process is killed half way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from tests.liandesk.own_database import migrated_home, own_database
from tests.liandesk.policies_world import FINANCE, OFFICE, RD, SECOND, STEPS, listed, make_district, matched, step
from tests.liandesk.registry_world import enterprise, members

from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.payment_lists import approve, assemble
from liandesk.assess.policies.payments import import_payments
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict
from liandesk.base.work.models import CaseEvent

__all__ = ["migrated_home"]
_LATER = "2024-12-31"


def _published(ids: dict[str, str], amounts: dict[str, tuple[str, float]]) -> list[Fulfilment]:
    """Enterprises with their clause and its checked amount, published."""
    found = []
    for name, (clause, amount) in amounts.items():
        one = matched(ids, clause)[name]
        said = {"amount_cny": amount, "publication_days": 5.0, "publication_source": "甲3号"}
        found.append(step(step(one, "confirm", enterprise(ids[name])), "publish", OFFICE, **said))
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_who_act_at_once_one_wins_and_nothing_is_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_district()
    ids = members()
    one = matched(ids)["one"]
    assert _at_once(lambda: step(one, "confirm", enterprise(ids["one"]))) == ["done", "told"]
    one = step(Fulfilment.objects.get(pk=one.pk), "publish", OFFICE, amount_cny=40_000)
    monkeypatch.setenv("LIANDESK_TODAY", _LATER)
    assert _at_once(lambda: assemble([one.pk], by=OFFICE)) == ["done", "told"]
    pk = Fulfilment.objects.get(pk=one.pk).payment_list_id
    assert pk is not None and _at_once(lambda: approve(pk, by=SECOND)) == ["done", "told"]
    assert Fulfilment.objects.get(pk=one.pk).stage == "listed"
    names = CaseEvent.objects.filter(case=one.case_id).values_list("name", flat=True)
    assert list(names) == ["", "notify", "confirm", "publish", "list_for_payment"]
    assert AuditEvent.objects.filter(action="payment_list.approve").count() == 1


def _at_once(do: Callable[[], object]) -> list[str]:
    """Do the same twice at the same moment; return what became of both."""
    ends, both = list[str](), threading.Barrier(2)

    def alone() -> None:
        try:
            both.wait()
            do()
            ends.append("done")
        except Conflict:
            ends.append("told")
        finally:
            connection.close()

    racers = [threading.Thread(target=alone) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return sorted(ends)


@own_database
def test_a_sheet_of_payments_killed_half_way_leaves_nothing_half_done(migrated_home: Path) -> None:
    assert _alone(migrated_home, "prepare_and_list") == 0
    assert _alone(migrated_home, "die_at_the_second_payment") == -signal.SIGKILL
    assert _alone(migrated_home, "find_nothing_paid_then_pay_all") == 0


def _alone(home: Path, name: str) -> int:
    """Run a function of this module in a process of its own, on the database of a home; return how it ended."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"LIANDESK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
    environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "LIANDESK_TODAY": _LATER}
    code = f"import django; django.setup(); from tests.liandesk import test_policy_race as m; m.{name}()"
    return subprocess.run([sys.executable, "-c", code], env=environment, timeout=300, check=False).returncode


def _sheet() -> Path:
    return Path(os.environ["LIANDESK_HOME"]) / "paid.csv"


def prepare_and_list() -> None:
    """List two fulfilments, and write the sheet that pays both."""
    os.environ["LIANDESK_TODAY"] = "2024-09-30"
    make_district()
    found = _published(members(), {"one": (RD, 40_000), "two": (STEPS, 20_000)})
    os.environ["LIANDESK_TODAY"] = _LATER
    rows = "".join(f"{one.case_id},{(one.amount_fen or 0) // 100},{_LATER}\n" for one in listed(*found))
    _sheet().write_text(f"事项,已拨付,拨付日期\n{rows}", "utf-8")


def die_at_the_second_payment() -> None:
    """Enter the sheet; be killed when the second payment is written and nothing is committed."""
    from liandesk.base.work.effects import EFFECTS

    def die(case: object, event: object, state: object, by: object) -> None:
        if Fulfilment.objects.filter(stage="paid").count() == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    EFFECTS["policy_fulfilment"].append(die)
    import_payments(_sheet(), by=FINANCE, is_sure=True)


def find_nothing_paid_then_pay_all() -> None:
    """The sheet can be entered again as it is."""
    found = Fulfilment.objects.exclude(listed_to="")
    assert list(found.values_list("stage", "paid_fen")) == [("listed", None)] * 2
    assert not CaseEvent.objects.filter(name="pay").exists()
    assert import_payments(_sheet(), by=FINANCE, is_sure=True).written == 2
    assert set(found.values_list("stage", flat=True)) == {"paid"}
