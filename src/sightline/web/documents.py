"""A document's file, to take away. It is never shown within the application, whose pages it could pretend to be."""

from __future__ import annotations

from mimetypes import guess_extension

from django.http import FileResponse, Http404

from sightline.core.notes import files
from sightline.core.notes.models import Document


def file_of(document: Document) -> FileResponse:
    """The file, to be kept by whoever asked; never by their browser for others."""
    if files.kept(document.stored_as) is None:
        raise Http404("There is no such document, or you may not see it.")
    answer = FileResponse(files.path_of(document.stored_as).open("rb"), as_attachment=True, filename=_name(document))
    answer["Content-Type"] = "application/octet-stream"
    answer["Cache-Control"] = "no-store"
    return answer


def _name(document: Document) -> str:
    """The document's title with the ending that its content has, whatever it was called when it came."""
    ending = guess_extension(document.content_type) or ""
    return document.name if document.name.lower().endswith(ending) else f"{document.name}{ending}"
