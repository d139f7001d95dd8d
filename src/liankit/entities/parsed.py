"""What a name says, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from liankit.entities.vocabulary import NOWHERE, Region

_REGISTERED = ("公司", "企业", "合伙", "合作社", "厂", "医院", "大学", "学院", "研究院", "研究所", "中心")

Script = Literal["zh", "latin"]


@dataclass(frozen=True)
class ParsedName:
    """The parts of one name, each in the form in which it is compared; "" or () where the name has none.

    ``text`` is the whole name folded: width, case, simplified signs, no punctuation. ``words`` are the distinctive
    words (of a Chinese name one), ``trades`` those that many names share, ``numbers`` ordinals and digits, which two
    names of one organisation must share. ``also`` are names said within the name: "formerly", "dba", 原名.
    """

    script: Script
    text: str
    words: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    region: Region = NOWHERE
    region_text: str = ""
    legal_form: str = ""
    is_group: bool = False
    branch: str = ""
    status: str = ""
    numbers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    is_blind: bool = False

    @cached_property
    def stem(self) -> str:
        """The distinctive part as one text."""
        return self._gap.join(self.words)

    @property
    def trade(self) -> str:
        """What the organisation does, as far as its name says."""
        return self._gap.join(self.trades)

    @property
    def is_full(self) -> bool:
        """Whether the name has the form of a registered one, and so is no short name."""
        return self.script == "zh" and self.text.removesuffix(self.branch).endswith(_REGISTERED)

    @cached_property
    def core(self) -> str:
        """Place, stem and trade: what is left without status, legal form and branch."""
        return self._gap.join(part for part in (self.region_text, self.stem, self.trade) if part)

    @property
    def _gap(self) -> str:
        return "" if self.script == "zh" else " "
