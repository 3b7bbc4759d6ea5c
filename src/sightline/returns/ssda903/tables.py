"""The tables of SSDA903 as rules read them. Source: DfE SSDA903 guides, 2022 to 2023 and later."""

from sightline.engine.exchange.rules.declarations import RuleTable

TABLES = (
    RuleTable(
        "Header",
        text=("CHILD", "SEX", "ETHNIC", "UPN", "MOTHER", "UASC"),
        days=("DOB", "MC_DOB"),
        other=("headers",),
        last=True,
        needed=True,
    ),
    RuleTable(
        "Episodes",
        text=(
            *("CHILD", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE"),
            *("HOME_POST", "PL_POST", "URN", "PL_LOCATION", "PL_LA", "PL_DISTANCE"),
            # Not of the return: 1 or 0, whether the postcode and the authority's code are known (`places`).
            *("HOME_POST_known", "PL_POST_known", "PL_LA_known"),
        ),
        days=("DECOM", "DEC"),
        other=("episode",),
        last=True,
        needed=True,
    ),
    RuleTable("Reviews", text=("CHILD", "REVIEW_CODE"), days=("DOB", "REVIEW"), other=("review",), last=True),
    RuleTable("UASC", text=("CHILD", "SEX"), days=("DOB", "DUC"), last=True),
    RuleTable(
        "OC2",
        text=(
            *("CHILD", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"),
            *("SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
        ),
        days=("DOB",),
        numbers=("SDQ_SCORE",),
        last=True,
    ),
    RuleTable("OC3", text=("CHILD", "IN_TOUCH", "ACTIV", "ACCOM"), days=("DOB",), last=True),
    RuleTable(
        "AD1",
        text=("CHILD", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
        days=("DOB", "DATE_INT", "DATE_MATCH"),
        last=True,
    ),
    RuleTable(
        "PlacedAdoption",
        text=("CHILD", "REASON_PLACED_CEASED"),
        days=("DOB", "DATE_PLACED", "DATE_PLACED_CEASED"),
        other=("placedforadoption",),
        last=True,
    ),
    RuleTable(
        "PrevPerm",
        # The date of the order may be known in part only (zz/zz/1999), so it is a text.
        text=("CHILD", "PREV_PERM", "LA_PERM", "DATE_PERM"),
        days=("DOB",),
        other=("previouspermanence",),
        last=True,
    ),
    RuleTable("Missing", text=("CHILD", "MISSING"), days=("DOB", "MIS_START", "MIS_END"), other=("missingepisodes",), last=True),
    RuleTable(
        "SWEpisodes",
        text=("CHILD", "SW_ID", "SW_REASON"),
        days=("DOB", "SW_DECOM", "SW_DEC"),
        other=("socialworker", "socialworkerepisodes"),
        last=True,
    ),
    RuleTable(
        "DoLo",
        text=("CHILD",),
        days=("DOB", "DOLO_START", "DOLO_END"),
        other=("deprivationofliberty", "deprivationoflibertyorders"),
        last=True,
    ),
    # Ofsted's list of providers, which the user supplies: it is not published as a whole.
    RuleTable(
        "Provider Info",
        text=("URN", "LA_NAME_FROM_ONS_LOOKUP", "LA_CODE_INFERRED", "PLACE_CODES", "PROVIDER_CODES", "OUTWARD_POSTCODE"),
        days=("REG_DATE", "REG_END"),
        child="URN",
        other=("providers",),
        supplied=True,
    ),
)  # fmt: skip
