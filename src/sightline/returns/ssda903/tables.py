"""The tables of SSDA903, as the import reads them, the export writes them and the rules ask of them.

Source: DfE SSDA903 guides, 2016 to 2017 and later; the published schemas in `data/returns/ssda903` and, for what every row must have, schema 3.3.0.
"""

from sightline.engine.exchange.declarations import Table, code, day, flag, text, whole, worked_out
from sightline.engine.exchange.rules.layouts import rule_table, rule_tables

CHILD, BIRTH = text("CHILD", required=True, longest=40), day("DOB", required=True)

TABLES = (
    Table(
        "ssda903",
        "Header",
        columns=(
            CHILD,
            code("SEX", "sex", required=True),
            BIRTH,
            code("ETHNIC", "ethnicity", required=True),
            text("UPN", required=True, waived=True),
            flag("MOTHER", optional=True),
            day("MC_DOB", optional=True),
            worked_out("UASC"),
        ),
        other=("headers",),
        needed=True,
    ),
    Table(
        "ssda903",
        "Episodes",
        columns=(
            CHILD,
            day("DECOM", required=True),
            code("RNE", "cla_reason_new_episode", at="DECOM", required=True),
            code("LS", "cla_legal_status", at="DECOM", required=True),
            code("CIN", "cla_category_of_need", at="DECOM", required=True),
            code("PLACE", "cla_placement_type", at="DECOM", required=True),
            code("PLACE_PROVIDER", "cla_placement_provider", at="DECOM"),
            day("DEC"),
            code("REC", "cla_reason_episode_ceased", at="DEC"),
            code("REASON_PLACE_CHANGE", "cla_reason_placement_change", at="DEC"),
            text("HOME_POST", longest=10),
            text("PL_POST", longest=10),
            text("URN", longest=20),
            worked_out("PL_LOCATION"),
            worked_out("PL_LA"),
            worked_out("PL_DISTANCE"),
        ),
        other=("episode",),
        needed=True,
    ),
    Table(
        "ssda903",
        "Reviews",
        columns=(
            CHILD,
            BIRTH,
            day("REVIEW", required=True),
            code("REVIEW_CODE", "review_participation", at="REVIEW", required=True, waived=True),
        ),
        other=("review",),
    ),
    Table("ssda903", "UASC", columns=(CHILD, text("SEX"), BIRTH, day("DUC", future=True))),
    Table(
        "ssda903",
        "OC2",
        columns=(
            CHILD,
            BIRTH,
            whole("SDQ_SCORE"),
            code("SDQ_REASON", "sdq_reason"),
            flag("CONVICTED"),
            flag("HEALTH_CHECK"),
            flag("IMMUNISATIONS"),
            flag("TEETH_CHECK"),
            flag("HEALTH_ASSESSMENT"),
            flag("SUBSTANCE_MISUSE"),
            flag("INTERVENTION_RECEIVED"),
            flag("INTERVENTION_OFFERED"),
        ),
    ),
    Table(
        "ssda903",
        "OC3",
        columns=(
            CHILD,
            BIRTH,
            code("IN_TOUCH", "care_leaver_in_touch", required=True),
            code("ACTIV", "care_leaver_activity"),
            code("ACCOM", "care_leaver_accommodation"),
        ),
        other=("careleavers",),
    ),
    Table(
        "ssda903",
        "AD1",
        columns=(
            CHILD,
            BIRTH,
            day("DATE_INT", required=True),
            day("DATE_MATCH"),
            flag("FOSTER_CARE"),
            whole("NB_ADOPTR"),
            code("SEX_ADOPTR", "adopter_sex"),
            code("LS_ADOPTR", "adopter_legal_status"),
        ),
        other=("adoption", "adoptions"),
    ),
    Table(
        "ssda903",
        "PlacedAdoption",
        columns=(
            CHILD,
            BIRTH,
            day("DATE_PLACED", required=True),
            day("DATE_PLACED_CEASED"),
            code("REASON_PLACED_CEASED", "adoption_decision_reversed", at="DATE_PLACED_CEASED"),
        ),
        other=("placedforadoption", "shouldbeplaced"),
    ),
    Table(
        "ssda903",
        "PrevPerm",
        columns=(
            CHILD,
            BIRTH,
            code("PREV_PERM", "previous_permanence", required=True),
            text("LA_PERM"),
            # The date of the order may be known in part only (zz/zz/1999), so it is a text.
            text("DATE_PERM", longest=10),
        ),
        other=("previouspermanence",),
    ),
    Table(
        "ssda903",
        "Missing",
        columns=(
            CHILD,
            BIRTH,
            code("MISSING", "missing_type", required=True),
            day("MIS_START", required=True),
            day("MIS_END"),
        ),
        other=("missingepisodes",),
    ),
    Table(
        "ssda903",
        "SWEpisodes",
        columns=(
            CHILD,
            BIRTH,
            text("SW_ID", required=True, longest=40),
            day("SW_DECOM", required=True),
            day("SW_DEC"),
            code("SW_REASON", "cla_social_worker_change", at="SW_DECOM"),
        ),
        other=("socialworker", "socialworkerepisodes"),
        since=2024,
    ),
    Table(
        "ssda903",
        "DoLo",
        columns=(CHILD, BIRTH, day("DOLO_START", required=True), day("DOLO_END", future=True)),
        other=("deprivationofliberty", "deprivationoflibertyorders"),
        since=2027,
    ),
)
#: Not of the return: 1 or 0, whether the postcode and the authority's code are known (`places`).
KNOWN = ("HOME_POST_known", "PL_POST_known", "PL_LA_known")
#: Ofsted's list of providers, which the user supplies: it is not published as a whole.
PROVIDERS = Table(
    "ssda903",
    "Provider Info",
    columns=(
        text("URN"),
        text("LA_NAME_FROM_ONS_LOOKUP"),
        text("LA_CODE_INFERRED"),
        text("PLACE_CODES"),
        text("PROVIDER_CODES"),
        text("OUTWARD_POSTCODE"),
        day("REG_DATE"),
        day("REG_END"),
    ),
    child="URN",
    other=("providers",),
)
RULE_TABLES = (
    *rule_tables(TABLES, compared=True, made={"Episodes": KNOWN}),
    rule_table(PROVIDERS.name, PROVIDERS.columns, child=PROVIDERS.child, other=PROVIDERS.other, supplied=True),
)
