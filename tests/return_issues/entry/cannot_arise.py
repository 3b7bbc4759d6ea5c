"""The rules whose fault cannot come up at entry: why, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.return_issues.entry import proofs
from tests.return_issues.entry.proofs import Proof


@dataclass(frozen=True)
class CannotArise:
    """A reason and its rules. It is proved by what is told of everything entered, or else by a test of its own in `test_recorded`."""

    words: str
    codes: str
    proof: Proof | None = None


REASONS = {
    "cin": (
        CannotArise("the header is made by the export, with the last day of the year", "100"),
        CannotArise("who has no number is told under that of the record", "8500"),
        CannotArise("only children with an episode or a referral are told", "8590"),
        CannotArise(
            "a form refuses a pupil number of the wrong form; the import leaves it out of the record, and notes it",
            "1540",
        ),
        CannotArise("a conference is due on a working day", "8870Q"),
        CannotArise(
            "only referrals of the year are told without further action", "8569Q", proofs.turned_away_in_the_year
        ),
        CannotArise("factors are told of completed assessments alone", "8614", proofs.factors_of_completed),
        CannotArise(
            "an enquiry before the year is told only with a conference in it",
            "8740",
            proofs.old_enquiries_with_conference,
        ),
    ),
    "ssda903": (
        CannotArise(
            "who the child is has one value for both years",
            "202 203 204",
            proofs.one_value("Header", "SEX", "DOB", "ETHNIC"),
        ),
        CannotArise(
            "an episode and its placement have one value for both years",
            "452 453 503A 503B 503C 503D 503E 503F 503G 503H 503J",
            proofs.one_value(
                "Episodes", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "URN", "HOME_POST", "PL_POST"
            ),
        ),
        CannotArise("what was open when the year began is told in both years", "562 1010 NoE", proofs.carried),
        CannotArise("the category of need is one of the period of care", "504", proofs.one_need),
        CannotArise(
            "whether a girl is a mother is told from her children on record", "393 607", proofs.girls_are_asked
        ),
        CannotArise("boys and care leavers are not asked about motherhood", "174 628", proofs.others_are_not),
        CannotArise("the day of birth of a child makes a mother", "612", proofs.a_birth_makes_a_mother),
        CannotArise("who was a mother still is", "207 624 626", proofs.still_a_mother),
        CannotArise("a care leaver who is in no header is told in one", "INT06", proofs.all_in_the_header),
        CannotArise(
            "the header has those who were looked after and care leavers", "EPI", proofs.none_in_the_header_alone
        ),
        CannotArise("who seeks asylum is worked out from the table UASC", "105 303 205C", proofs.asylum_from_its_table),
        CannotArise("the sex is told from the person in every table", "INT21", proofs.one_sex),
        CannotArise("asylum is told of children looked after in the year", "1014", proofs.asylum_of_looked_after),
        CannotArise("of short breaks no place is told", "398 420 214", proofs.breaks_have_no_place),
        CannotArise("the reason for a change is told where the placement ended", "233", proofs.reasons_with_ends),
        CannotArise("only episodes missing from care are told", "578", proofs.missing_from_care),
        CannotArise(
            "earlier permanence is told of those who started in the year", "634", proofs.permanence_of_new_starts
        ),
        CannotArise("distance and location are worked out from the postcodes", "164 411", proofs.worked_out_places),
        CannotArise(
            "Ofsted's list of providers is no record", "219 221 224 227 228 229 241 1008", proofs.needs_the_list
        ),
    ),
}
