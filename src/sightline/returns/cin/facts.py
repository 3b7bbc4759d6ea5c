"""What several rules of the census ask, worked out once."""

from sightline.engine.exchange.rules.declarations import Fact

FACTS = (
    Fact(
        "kid",
        "Each child: `born` is the date of birth, or that expected; `died` the date of death.",
        "SELECT LAchildID, min(coalesce(PersonBirthDate, ExpectedPersonBirthDate)) AS born, min(PersonBirthDate) AS PersonBirthDate,"
        " min(PersonDeathDate) AS died FROM ChildIdentifiers GROUP BY LAchildID",
    ),
    Fact(
        "assessment",
        "Each assessment once, whatever the number of its factors: `row` is its first row, `factors` the factors named, `factor_rows` how many.",
        "SELECT min(row) AS row, LAchildID, CINdetailsID, AssessmentID, min(AssessmentActualStartDate) AS AssessmentActualStartDate,"
        " min(AssessmentAuthorisationDate) AS AssessmentAuthorisationDate,"
        " list(DISTINCT AssessmentFactors) FILTER (AssessmentFactors IS NOT NULL) AS factors, count(AssessmentFactors) AS factor_rows"
        " FROM Assessments GROUP BY LAchildID, CINdetailsID, AssessmentID",
    ),
    Fact(
        "referral",
        "Each CIN details block, with `nfa`: whether it is a referral with no further action, null where it does not say.",
        "SELECT *, CASE WHEN lower(ReferralNFA) IN ('true', '1') THEN true WHEN lower(ReferralNFA) IN ('false', '0') THEN false END AS nfa"
        " FROM CINdetails",
    ),
    Fact(
        "enquiry",
        "Each section 47 enquiry, with `pending`: no initial conference dated and none said to be unneeded; `awaited`: one said to be needed.",
        "SELECT *, DateOfInitialCPC IS NULL AND coalesce(lower(ICPCnotRequired), '') NOT IN ('true', '1') AS pending,"
        " DateOfInitialCPC IS NULL AND lower(ICPCnotRequired) IN ('false', '0') AS awaited FROM Section47",
    ),
    Fact(
        "conference",
        "Each day of an initial child protection conference, whether it stands with an enquiry or with the CIN details (transfers in).",
        "SELECT LAchildID, CINdetailsID, DateOfInitialCPC AS held FROM Section47 WHERE DateOfInitialCPC IS NOT NULL"
        " UNION ALL SELECT LAchildID, CINdetailsID, DateOfInitialCPC FROM CINdetails WHERE DateOfInitialCPC IS NOT NULL",
    ),
    Fact(
        "worked",
        "Each row of work inside CIN details, by its table: assessments, enquiries, plans.",
        " UNION ALL ".join(
            f"SELECT '{table}' AS of_table, row, LAchildID, CINdetailsID FROM {table}"
            for table in ("Assessments", "CINplanDates", "Section47", "ChildProtectionPlans")
        ),
    ),
)  # fmt: skip
