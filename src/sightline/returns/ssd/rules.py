"""The rules of the Standard Safeguarding Dataset. Its specification says what each field is; it has no rules, so codes and messages are ours."""

from __future__ import annotations

from sightline.engine.exchange.declarations import Kind
from sightline.engine.exchange.rules import layouts
from sightline.engine.exchange.rules.declarations import Example, Find, Rule, rule
from sightline.returns.ssd.tables import TABLES

#: Spells of which a child has one at a time: table, child, start, end.
ONE_AT_A_TIME = (
    ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    ("ssd_cla_placement", "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    ("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
)
#: An ending and its reason.
ENDINGS = (
    ("ssd_cin_episodes", "cine_close_date", "cine_close_reason"),
    ("ssd_cla_episodes", "clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason"),
    ("ssd_permanence", "perm_decision_reversed_date", "perm_decision_reversed_reason"),
)

#: Rows that are right, to make examples from.
_PERSON = {
    "pers_person_id": "P1",
    "pers_sex": "F",
    "pers_ethnicity": "WBRI",
    "pers_dob": "2015-06-01",
}
_EPISODE = {
    "cine_referral_id": "R1",
    "cine_person_id": "P1",
    "cine_referral_date": "2026-05-04",
    "cine_cin_primary_need_code": "N1",
    "cine_referral_source_code": "1A",
    "cine_referral_nfa": "N",
}
_CARE = {
    "clae_cla_episode_id": "E1",
    "clae_person_id": "P1",
    "clae_cla_episode_start_date": "2026-06-01",
    "clae_cla_episode_start_reason": "S",
}
_STATUS = {
    "lega_legal_status_id": "L1",
    "lega_person_id": "P1",
    "lega_legal_status": "V2",
    "lega_legal_status_start_date": "2026-06-01",
}


def _people(*rows: dict[str, str]) -> Example:
    return Example({"ssd_person": list(rows)})


def _holding(tables: dict[str, list[dict[str, str]]], *rows: tuple[str, int]) -> Example:
    """Without people the dataset says nothing, so each example has one."""
    return Example({"ssd_person": [_PERSON], **tables}, rows)


_RIGHT = Example({"ssd_person": [_PERSON], "ssd_cin_episodes": [_EPISODE]})

RULES: tuple[Rule, ...] = (
    layouts.missing(
        "SSD01",
        TABLES,
        fails=[_holding({"ssd_cin_episodes": [{**_EPISODE, "cine_person_id": ""}]}, ("ssd_cin_episodes", 0))],
        passes=[_RIGHT],
    ),
    layouts.not_days(
        "SSD02",
        TABLES,
        choice="A moment counts as its day, and a day written as day/month/year is read.",
        fails=[_holding({"ssd_person": [_PERSON, {**_PERSON, "pers_dob": "2015-06-31"}]}, ("ssd_person", 1))],
        passes=[_people(_PERSON)],
    ),
    layouts.not_numbers(
        "SSD03",
        TABLES,
        fails=[
            _holding(
                {"ssd_permanence": [{"perm_table_id": "1", "perm_siblings_placed_apart": "two"}]}, ("ssd_permanence", 0)
            )
        ],
        passes=[_holding({"ssd_permanence": [{"perm_table_id": "1", "perm_siblings_placed_apart": "2"}]})],
    ),
    layouts.not_letters(
        "SSD04",
        TABLES,
        fails=[_holding({"ssd_cin_episodes": [{**_EPISODE, "cine_referral_nfa": "0"}]}, ("ssd_cin_episodes", 0))],
        passes=[_RIGHT],
    ),
    layouts.not_codes(
        "SSD05",
        TABLES,
        choice="A code that was in force once is right: the dataset tells of many years.",
        fails=[_holding({"ssd_person": [{**_PERSON, "pers_ethnicity": "White"}]}, ("ssd_person", 0))],
        passes=[_people(_PERSON)],
    ),
    layouts.too_long(
        "SSD06",
        TABLES,
        fails=[_holding({"ssd_person": [{**_PERSON, "pers_nationality": "x" * 49}]}, ("ssd_person", 0))],
        passes=[_people({**_PERSON, "pers_nationality": "x" * 48})],
    ),
    layouts.repeated(
        "SSD07",
        TABLES,
        fails=[
            _holding(
                {"ssd_cin_episodes": [_EPISODE, {**_EPISODE, "cine_person_id": "P2"}]},
                ("ssd_cin_episodes", 0),
                ("ssd_cin_episodes", 1),
            )
        ],
        passes=[_holding({"ssd_cin_episodes": [_EPISODE, {**_EPISODE, "cine_referral_id": "R2"}]})],
    ),
    layouts.unknown_reference(
        "SSD08",
        TABLES,
        choice="Asked where the other table has rows: a table that did not come is told once, beside the rules.",
        whole=True,
        fails=[
            _holding(
                {"ssd_person": [_PERSON], "ssd_cin_episodes": [{**_EPISODE, "cine_person_id": "P9"}]},
                ("ssd_cin_episodes", 0),
            )
        ],
        passes=[_RIGHT],
    ),
    layouts.out_of_order(
        "SSD09",
        TABLES,
        fails=[
            _holding({"ssd_cin_episodes": [{**_EPISODE, "cine_close_date": "2026-05-03"}]}, ("ssd_cin_episodes", 0))
        ],
        passes=[_RIGHT],
    ),
    layouts.in_future(
        "SSD10",
        TABLES,
        fails=[_holding({"ssd_person": [{**_PERSON, "pers_dob": "2027-04-01"}]}, ("ssd_person", 0))],
        passes=[_people({**_PERSON, "pers_dob": "", "pers_expected_dob": "2027-06-01"})],
    ),
    rule(
        "SSD11",
        "ssd_person",
        "pers_dob pers_expected_dob",
        "pers_dob_text IS NULL AND pers_expected_dob_text IS NULL",
        fails=[{"ssd_person": [{**_PERSON, "pers_dob": ""}]}],
        passes=[{"ssd_person": [_PERSON]}],
    ),
    Rule(
        "SSD12",
        tuple(
            Find(
                table,
                (start, end),
                select=f"SELECT t.row FROM {table} t WHERE EXISTS (SELECT 1 FROM {table} o WHERE o.{who} = t.{who} AND o.row <> t.row"
                f" AND o.{start} < coalesce(t.{end}, DATE '9999-12-31') AND t.{start} < coalesce(o.{end}, DATE '9999-12-31'))",
            )
            for table, who, start, end in ONE_AT_A_TIME
        ),
        choice="A spell ends on the day on which the next one starts.",
        fails=(
            _holding(
                {
                    "ssd_cla_episodes": [
                        _CARE,
                        {**_CARE, "clae_cla_episode_id": "E2", "clae_cla_episode_start_date": "2026-07-01"},
                    ]
                },
                ("ssd_cla_episodes", 0),
                ("ssd_cla_episodes", 1),
            ),
        ),
        passes=(
            _holding(
                {
                    "ssd_cla_episodes": [
                        {**_CARE, "clae_cla_episode_ceased_date": "2026-07-01", "clae_cla_episode_ceased_reason": "X1"},
                        {**_CARE, "clae_cla_episode_id": "E2", "clae_cla_episode_start_date": "2026-07-01"},
                    ]
                }
            ),
        ),
    ),
    Rule(
        "SSD13",
        tuple(
            Find(table.name, (column.name,), f"{column.name} IS NOT NULL AND NOT json_valid({column.name})")
            for table in TABLES
            for column in table.columns
            if column.kind is Kind.TEXT and (column.name.endswith("_json") or column.name == "json_payload")
        ),
        fails=(
            _holding(
                {"ssd_assessment_factors": [{"cinf_table_id": "1", "cinf_assessment_factors_json": "1A, 2B"}]},
                ("ssd_assessment_factors", 0),
            ),
        ),
        passes=(
            _holding(
                {"ssd_assessment_factors": [{"cinf_table_id": "1", "cinf_assessment_factors_json": '["1A", "2B"]'}]}
            ),
        ),
    ),
    Rule(
        "SSD14",
        tuple(
            Find(table, (day, reason), f"({day}_text IS NULL) <> ({reason} IS NULL)") for table, day, reason in ENDINGS
        ),
        fails=(
            _holding({"ssd_cin_episodes": [{**_EPISODE, "cine_close_date": "2026-09-01"}]}, ("ssd_cin_episodes", 0)),
        ),
        passes=(
            _holding(
                {
                    "ssd_cin_episodes": [
                        _EPISODE,
                        {**_EPISODE, "cine_close_date": "2026-09-01", "cine_close_reason": "RC7"},
                    ]
                }
            ),
        ),
    ),
    rule(
        "SSD15",
        "ssd_cla_episodes",
        "clae_cla_episode_start_date",
        select="SELECT t.row FROM ssd_cla_episodes t WHERE t.clae_cla_episode_start_date IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ssd_legal_status l"
        " WHERE l.lega_person_id = t.clae_person_id AND l.lega_legal_status_start_date <= t.clae_cla_episode_start_date"
        " AND (l.lega_legal_status_end_date IS NULL OR l.lega_legal_status_end_date > t.clae_cla_episode_start_date))",
        fails=[{"ssd_cla_episodes": [_CARE]}],
        passes=[{"ssd_cla_episodes": [_CARE], "ssd_legal_status": [_STATUS]}],
    ),
)
