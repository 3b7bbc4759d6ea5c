"""What is taken away is marked with who took it and when: on every page of a PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from markupsafe import escape

from sightline.core.access.models import User

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 18mm 16mm 22mm; @top-left {{ content: "{above}"; font: 8pt sans-serif; color: #484f56; }}
  @bottom-left {{ content: "{mark}"; font: 8pt sans-serif; color: #484f56; }}
  @bottom-right {{ content: counter(page) " of " counter(pages); font: 8pt sans-serif; color: #484f56; }} }}
body {{ font: 10pt/1.4 "Liberation Sans", Arial, sans-serif; color: #0b0c0c; }}
h1 {{ font-size: 18pt; margin: 0 0 4mm; }} h2 {{ font-size: 13pt; margin: 6mm 0 2mm; break-after: avoid; }}
table {{ width: 100%; border-collapse: collapse; }} th, td {{ text-align: left; vertical-align: top; padding: 1.4mm 2mm 1.4mm 0; }}
th, td {{ border-bottom: .3pt solid #cfd8da; }}
thead {{ display: table-header-group; }} tr {{ break-inside: avoid; }} .mark {{ color: #9c2b17; }} .said {{ white-space: pre-wrap; }}
</style></head><body>{body}</body></html>"""


def mark(user: User) -> str:
    """Who took something away, and when."""
    name = user.get_full_name() or user.get_username()
    return f"Taken from Sightline by {name} ({user.get_username()}) on {timezone.localtime():%d %B %Y at %H:%M}. Not to be passed on."


def pdf(body: str, title: str, user: User, *, above: str = "") -> bytes:
    """A tagged PDF of a body that is already escaped, with the mark on each page, and `above` at its head. Nothing is fetched from anywhere."""
    from weasyprint import HTML  # slow to import, and most requests make no PDF

    source = _PAGE.format(title=escape(title), mark=_quoted(mark(user)), above=_quoted(above), body=body)
    made = HTML(string=source, url_fetcher=_nothing).write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return bytes(made or b"")


def _quoted(text: str) -> str:
    """Text that can stand between quotation marks in a style sheet within a page, on one line. A style sheet reads no entities."""
    return " ".join(text.split()).translate({ord(sign): None for sign in '"<\\'})


def pdf_answer(body: str, name: str, user: User, *, above: str = "") -> HttpResponse:
    """The PDF as a file to take away."""
    answer = HttpResponse(pdf(body, name.removesuffix(".pdf"), user, above=above), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _nothing(url: str, *_args: object, **_options: object) -> dict[str, object]:
    raise ValueError(f"a document asked for {url}, and documents ask for nothing")
