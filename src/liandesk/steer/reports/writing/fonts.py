"""Which fonts a report is set in: those of official papers where they are installed, else free ones with Chinese."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from liandesk.base.errors import UserError

TITLE, HEADING, SUBHEADING, BODY = "title", "heading", "subheading", "body"
OFFICIAL: Mapping[str, str] = {
    TITLE: "方正小标宋简体",
    HEADING: "黑体",
    SUBHEADING: "楷体_GB2312",
    BODY: "仿宋_GB2312",
}
"""The fonts that GB/T 9704 papers are set in; Word finds them, or their likes, on the reader's machine."""
LATIN = "Times New Roman"

_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Noto Sans CJK SC", "Source Han Sans SC")
_SANS = ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", *_SERIF)
CHOICES: Mapping[str, Sequence[str]] = {
    TITLE: ("FZXiaoBiaoSong-B05S", *_SERIF),
    HEADING: _SANS,
    SUBHEADING: ("KaiTi_GB2312", "KaiTi", *_SERIF),
    BODY: ("FangSong_GB2312", "FangSong", *_SERIF),
}
"""Fonts that a PDF or a picture embeds, the proper one first."""


def chosen(role: str, installed: Collection[str]) -> str:
    """Return the first installed font for a role; raise UserError where none has Chinese signs."""
    found = next((name for name in CHOICES[role] if name in installed), None)
    if found is None:
        raise UserError(
            _(
                "No font with Chinese signs is installed on this machine, so no report can be set. "
                "Install one (Debian: apt install fonts-noto-cjk), then make the report again."
            )
        )
    return found
