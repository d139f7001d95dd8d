"""Loads through the API: the list, one load, sending files, loading or discarding what was looked into, withdrawing."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import File, Form, ModelSchema, Router, Schema
from ninja.files import UploadedFile
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.facts import actions as facts
from liandesk.base.facts.models import Landing
from liandesk.base.facts.policies import LANDING
from liandesk.know.sources import queries, uploads
from liandesk.know.sources.models import Upload
from liankit.tables.guess import Mapped

router = Router(tags=["loads"])


class LoadOut(ModelSchema):
    """One load; ``counts`` says by table where every row went, ``lost`` by the code of a row's first error."""

    waiting: int
    facts: int | None = None
    lost: dict[str, int] = {}

    class Meta:
        model = Landing
        fields = [
            "key",
            "source",
            "title",
            "counts",
            "is_synthetic",
            "recorded_at",
            "withdrawn_at",
            "withdrawn_why",
        ]

    @staticmethod
    def resolve_facts(landing: Landing) -> int | None:
        receipt = queries.receipt_of(landing)
        return receipt.facts if receipt else None

    @staticmethod
    def resolve_lost(landing: Landing) -> dict[str, int]:
        receipt = queries.receipt_of(landing)
        return receipt.lost if receipt else {}


class UploadOut(ModelSchema):
    """Files that were sent: ``preview`` says what they hold; ``load`` is set when they are loaded.

    In the state "mapping", ``looks`` says what the sheets look like, and POST …/columns what their columns are.
    """

    load: str | None = None
    preview: dict[str, Any] = {}

    class Meta:
        model = Upload
        fields = ["key", "source", "sender", "files", "looks", "sent_at", "state", "error", "job"]

    @staticmethod
    def resolve_load(upload: Upload) -> str | None:
        return upload.landing_id

    @staticmethod
    def resolve_preview(upload: Upload) -> dict[str, Any]:
        return {name: said for name, said in upload.preview.items() if name != "report"}


class SheetIn(Schema):
    """What a sheet is, by the ``signature`` of its look: its table, and the column of each head ("" not read)."""

    signature: str
    table: str
    heads: dict[str, str]


class ColumnsIn(Schema):
    sheets: list[SheetIn]


class Reason(Schema):
    why: str


@router.get("/loads", response=list[LoadOut], url_name="loads")
@paginate(LimitOffsetPagination)
def list_loads(request: Request) -> object:
    """All loads, newest first."""
    check(request.viewer, LANDING, "read")
    return queries.loads(request.viewer)


@router.get("/loads/{key}", response=LoadOut, url_name="load")
def get_load(request: Request, key: str) -> Landing:
    """One load."""
    landing = queries.load_of(request.viewer, key)
    if landing is None:
        raise Http404
    return landing


@router.post("/loads", response=UploadOut, url_name="load_new")
def send_files(
    request: Request,
    source: Form[str],
    files: File[list[UploadedFile]],
    dry_run: Form[bool] = False,
    sender: Form[str] = "",
) -> Upload:
    """Send the files of one source and load them, or only look into them; large ones are read by the worker.

    What is remembered of the sheets of ``sender`` is used; only a look (``dry_run``) asks what is not known yet.
    """
    return uploads.receive(source=source, files=files, by=request.viewer, is_sure=not dry_run, sender=sender)


@router.get("/uploads/{key}", response=UploadOut, url_name="upload")
def get_upload(request: Request, key: str) -> Upload:
    """What became of files that were sent; only their sender may ask."""
    return _upload(request, key)


@router.post("/uploads/{key}/columns", response=UploadOut, url_name="upload_columns")
def say_columns(request: Request, key: str, columns: ColumnsIn) -> Upload:
    """Say what the columns of the sheets are; it is remembered for their sender."""
    _upload(request, key)
    said = {sheet.signature: Mapped(sheet.table, sheet.heads) for sheet in columns.sheets}
    return uploads.say_columns(key=key, said=said, by=request.viewer)


@router.post("/uploads/{key}/load", response=UploadOut, url_name="upload_confirm")
def load_upload(request: Request, key: str) -> Upload:
    """Load what was looked into."""
    _upload(request, key)
    return uploads.confirm(key=key, by=request.viewer)


@router.post("/loads/{key}/withdraw", response=LoadOut, url_name="load_withdraw")
def withdraw_load(request: Request, key: str, reason: Reason) -> Landing:
    """Take a load back whole."""
    check(request.viewer, LANDING, "withdraw")
    get_load(request, key)
    facts.withdraw(key, why=reason.why, by=request.viewer)
    return get_load(request, key)


def _upload(request: Request, key: str) -> Upload:
    found = queries.upload_of(request.viewer, key)
    if found is None:
        raise Http404
    return found
