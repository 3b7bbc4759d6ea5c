"""The report as a tagged PDF (PDF/UA-1), laid out from the HTML page."""

from __future__ import annotations

import logging
from pathlib import Path

from sightline.core.errors import SetUpProblem


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
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    weasyprint.HTML(string=page).write_pdf(str(to), pdf_variant="pdf/ua-1", pdf_tags=True)
