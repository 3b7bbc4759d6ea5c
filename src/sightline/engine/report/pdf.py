"""The report as a tagged PDF (PDF/UA-1), laid out from the HTML page."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from sightline.core.errors import SetUpProblem

_SPACE_BEFORE_ELEMENT = re.compile(r" (<(?:a|abbr|strong|em)\b[^>]*>)")


def write(page: str, to: Path) -> None:
    """Lay the page out and write it. Raises SetUpProblem when the system lacks Pango."""
    try:
        import weasyprint
    except OSError as error:
        raise SetUpProblem(
            "Pango, which lays out the report's PDF, is missing",
            "system libraries",
            "run ./sightline doctor, or add --no-pdf",
        ) from error
    # WeasyPrint 70 breaks a line after its first word when the space before an element is the one that no longer fits.
    page = _SPACE_BEFORE_ELEMENT.sub(r"\1 ", page)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    weasyprint.HTML(string=page).write_pdf(str(to), pdf_variant="pdf/ua-1", pdf_tags=True)
