"""Rules about reviews and how the child took part in them. Source: DfE SSDA903 guide, reviews and participation."""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, find, rule
from sightline.returns.ssda903.words import ONLY_SHORT_BREAKS

_REVIEWS = "SELECT CHILD FROM Reviews WHERE coalesce(REVIEW_text, REVIEW_CODE) IS NOT NULL"
_REVIEWED = f"CHILD IN ({_REVIEWS})"


def _review(**says: str) -> dict[str, Any]:
    return {"Reviews": [{"CHILD": "1", **says}]}


def _under(*statuses: str) -> dict[str, Any]:
    return {"Episodes": [{"CHILD": "1", "DECOM": f"0{n}/05/2026", "LS": one} for n, one in enumerate(statuses, 1)]}


RULES = (
    rule(
        "166",
        "Reviews",
        "REVIEW",
        "REVIEW IS NULL",
        fails=[_review(REVIEW="31/04/2026", REVIEW_CODE="PN1"), _review(REVIEW_CODE="PN1")],
        passes=[_review(REVIEW="30/04/2026")],
    ),
    rule(
        "167",
        "Reviews",
        "REVIEW_CODE",
        "REVIEW_CODE NOT IN {review_participation} OR (REVIEW_text IS NULL) <> (REVIEW_CODE IS NULL)",
        choice="A code without a review fails as a review without a code does. A row that has neither is left to rule 166.",
        fails=[
            _review(REVIEW="30/04/2026", REVIEW_CODE="PN8"),
            _review(REVIEW="30/04/2026"),
            _review(REVIEW_CODE="PN7"),
        ],
        passes=[
            _review(REVIEW="30/04/2026", REVIEW_CODE="PN7"),
            _review(REVIEW="30/04/2026", REVIEW_CODE="PN0"),
            _review(),
        ],
    ),
    rule(
        "399",
        "Episodes",
        "LS",
        select=f"SELECT row FROM Episodes WHERE CHILD {ONLY_SHORT_BREAKS} AND CHILD IN (SELECT CHILD FROM Header WHERE MOTHER IS NOT NULL"
        f" UNION ALL {_REVIEWS})",
        also=[
            find("Header", "MOTHER", f"CHILD {ONLY_SHORT_BREAKS} AND (MOTHER IS NOT NULL OR {_REVIEWED})"),
            find(
                "Reviews",
                "REVIEW REVIEW_CODE",
                f"coalesce(REVIEW_text, REVIEW_CODE) IS NOT NULL AND CHILD {ONLY_SHORT_BREAKS}",
            ),
        ],
        choice="Asked of children whose every episode is a short break: one who was also looked after otherwise may have had reviews then. The"
        " header is found with the reviews.",
        fails=[
            Example(
                _under("V4") | {"Header": [{"CHILD": "1"}]} | _review(REVIEW="30/04/2026"),
                (("Episodes", 0), ("Header", 0), ("Reviews", 0)),
            ),
            Example(_under("V3") | {"Header": [{"CHILD": "1", "MOTHER": "0"}]}, (("Episodes", 0), ("Header", 0))),
        ],
        passes=[
            _under("V4") | {"Header": [{"CHILD": "1"}]},
            _under("V4", "C2") | {"Header": [{"CHILD": "1", "MOTHER": "1"}]} | _review(REVIEW="30/05/2026"),
        ],
    ),
    rule(
        "440",
        "Reviews",
        "DOB REVIEW REVIEW_CODE",
        "REVIEW_CODE = 'PN0' AND age_on(DOB, REVIEW) >= 4",
        fails=[_review(DOB="10/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN0")],
        passes=[
            _review(DOB="11/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN0"),
            _review(DOB="10/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN1"),
        ],
    ),
    rule(
        "441",
        "Reviews",
        "DOB REVIEW REVIEW_CODE",
        "REVIEW_CODE IN {review_participation} AND REVIEW_CODE <> 'PN0' AND age_on(DOB, REVIEW) < 4",
        fails=[_review(DOB="11/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN1")],
        passes=[
            _review(DOB="10/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN1"),
            _review(DOB="11/05/2022", REVIEW="10/05/2026", REVIEW_CODE="PN0"),
        ],
    ),
)
