"""The 48 tables of the Standard Safeguarding Dataset, from `data/returns/ssd/fields.csv`.

Source: data-to-insight/ssd-data-model (MIT). What that list leaves open or says twice is settled here: which column tells the rows of a table
apart, which one names the child, which codes a field has, and links whose target is named otherwise in the table that has it.
"""

from __future__ import annotations

from collections import defaultdict

from sightline.engine.exchange.choices import Choices
from sightline.engine.exchange.declarations import EVER, Column, Kind, Table
from sightline.standards.data import data_path, read_csv

PERSON = "ssd_person.pers_person_id"
LONGEST = 60
#: Tables that become no record. Workers, teams, households and what was sent are written all the same: see `workers` and `sent`. The version that
#: a set says it has is about nobody, and the list of fields that is written by does not say its own.
NOT_RECORDED = frozenset(
    {
        "ssd_api_data_staging",
        "ssd_department",
        "ssd_family",
        "ssd_involvements",
        "ssd_professionals",
        "ssd_version_log",
    }
)
#: Keys where the list marks none, or marks what several rows share.
KEYS = {
    "ssd_department": "dept_team_id",
    "ssd_family": "fami_table_id",
    "ssd_involvements": "invo_involvements_id",
    "ssd_mother": "moth_table_id",
    "ssd_pre_proceedings": "prep_table_id",
}
#: Whom a row is about, where no column says that it names a person. A row of a table that is about nobody goes by its own key.
CHILDREN = {
    "ssd_api_data_staging": "person_id",
    "ssd_cla_placement": "clap_person_id",
    "ssd_involvements": "invo_person_id",
    "ssd_mother": "moth_person_id",
    "ssd_version_log": "version_number",
}
#: Links by a name that the other table does not have.
LINKS = {
    "clae_cla_placement_id": "ssd_cla_placement.clap_cla_placement_id",
    "ehcn_ehcp_asmt_id": "ssd_ehcp_assessment.ehca_ehcp_assessment_id",
    "perm_person_id": PERSON,
    "moth_person_id": PERSON,
    "clap_person_id": PERSON,
    "cppl_referral_id": "ssd_cin_episodes.cine_referral_id",
    "cppv_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "icpc_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "clav_cla_id": "ssd_cla_episodes.clae_cla_id",
}
#: Marked as always filled, though a conference may end without a plan and a person without an address.
MAY_BE_EMPTY = frozenset({"icpc_cp_plan_id", "addr_address_json", "send_upn", "prep_plo_family_id"})
CODES = {
    "pers_sex": "sex",
    "pers_ethnicity": "ethnicity",
    "pers_upn_unknown": "upn_unknown",
    "disa_disability_code": "disability",
    "cine_cin_primary_need_code": "cin_primary_need",
    "cine_referral_source_code": "cin_referral_source",
    "cine_close_reason": "cin_closure_reason",
    "cont_contact_source_code": "cin_referral_source",
    "cppl_cp_plan_initial_category": "cp_category_of_abuse",
    "cppl_cp_plan_latest_category": "cp_category_of_abuse",
    "clae_cla_episode_start_reason": "cla_reason_new_episode",
    "clae_cla_primary_need_code": "cla_category_of_need",
    "clae_cla_episode_ceased_reason": "cla_reason_episode_ceased",
    "clap_cla_placement_type": "cla_placement_type",
    "clap_cla_placement_provider": "cla_placement_provider",
    "clap_cla_placement_change_reason": "cla_reason_placement_change",
    "clar_cla_review_participation": "review_participation",
    "cppr_cp_review_participation": "review_participation",
    "lapp_previous_permanence_option": "previous_permanence",
    "lega_legal_status": "cla_legal_status",
    "csdq_sdq_reason": "sdq_reason",
    "clea_care_leaver_in_touch": "care_leaver_in_touch",
    "clea_care_leaver_activity": "care_leaver_activity",
    "clea_care_leaver_accommodation": "care_leaver_accommodation",
    "miss_missing_episode_type": "missing_type",
    "perm_decision_reversed_reason": "adoption_decision_reversed",
    "perm_adopter_sex": "adopter_sex",
    "perm_adopter_legal_status": "adopter_legal_status",
}
#: Days that may lie ahead.
AHEAD = frozenset(
    {
        "pers_expected_dob",
        "icpc_icpc_target_date",
        "cppr_cp_review_due",
        "clar_cla_review_due_date",
        "immi_immigration_status_end_date",
        "link_valid_to_date",
        "lacp_cla_care_plan_end_date",
        "cinp_cin_plan_end_date",
        "clap_cla_placement_end_date",
        "lega_legal_status_end_date",
        "addr_address_end_date",
    }
)
#: Further pairs of days whose names do not tell that one comes after the other.
ORDER = {
    "ssd_person": (("pers_dob", "pers_death_date"),),
    "ssd_cin_episodes": (("cine_referral_date", "cine_close_date"),),
    "ssd_cin_assessments": (("cina_assessment_start_date", "cina_assessment_auth_date"),),
    "ssd_cla_episodes": (
        ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
        ("clae_entered_care_date", "clae_cla_episode_start_date"),
    ),
    "ssd_linked_identifiers": (("link_valid_from_date", "link_valid_to_date"),),
    "ssd_permanence": (
        ("perm_adm_decision_date", "perm_placed_for_adoption_date"),
        ("perm_placed_for_adoption_date", "perm_permanence_order_date"),
        ("perm_adm_decision_date", "perm_decision_reversed_date"),
    ),
}
#: Fields of tables that are recorded which become no part of a record: they stay with the file.
NOT_READ = frozenset(
    {
        "addr_address_json",
        "addr_address_type",
        "cina_assessment_child_seen",
        "cina_assessment_outcome_json",
        "cina_assessment_outcome_nfa",
        "cina_assessment_team",
        "cina_assessment_worker_id",
        "cine_referral_outcome_json",
        "cine_referral_source_desc",
        "cine_referral_team",
        "cine_referral_worker_id",
        "cinp_cin_plan_team",
        "cinp_cin_plan_worker_id",
        "cinv_cin_visit_bedroom",
        "clae_cla_last_iro_contact_date",
        "clae_referral_id",
        "clah_health_check_status",
        "clar_cla_review_due_date",
        "clea_care_leaver_accom_suitable",
        "clea_care_leaver_allocated_team",
        "clea_care_leaver_eligibility",
        "clea_care_leaver_personal_advisor",
        "clea_care_leaver_worker_id",
        "clea_pathway_plan_review_date",
        "cont_contact_outcome_json",
        "cont_contact_source_desc",
        "cppl_cp_plan_ola",
        "cppl_icpc_id",
        "cppr_cp_review_due",
        "cppr_cp_review_meeting_id",
        "cppr_cp_review_outcome_continue_cp",
        "cppr_cp_review_quorate",
        "csdq_sdq_reason",
        "earl_episode_worker_id",
        "icpc_icpc_meeting_id",
        "icpc_icpc_outcome_json",
        "icpc_icpc_target_date",
        "icpc_icpc_team",
        "icpc_icpc_worker_id",
        "icpc_referral_id",
        "lacp_cla_care_plan_end_date",
        "moth_childs_dob",
        "perm_adoption_worker_id",
        "perm_cla_id",
        "perm_ffa_cp_decision_date",
        "perm_part_of_sibling_group",
        "perm_placed_foster_carer_date",
        "perm_placement_provider_urn",
        "perm_siblings_placed_apart",
        "perm_siblings_placed_together",
        "ehca_ehcp_assessment_exceptions",
        "ehcn_named_plan_ceased_reason",
        "pers_gender",
        "prep_care_proc_court_hearings",
        "prep_care_proc_short_notice",
        "prep_court_reference",
        "prep_cp_plans_referral_period",
        "prep_initial_pre_pro_meeting_date",
        "prep_la_final_care_plan",
        "prep_la_final_plan_approved",
        "prep_la_inital_plan_approved",
        "prep_la_initial_care_plan",
        "prep_legal_gateway_outcome",
        "prep_parents_legal_rep_point_of_issue",
        "prep_plo_family_id",
        "prep_pre_pro_meetings_num",
        "prep_pre_pro_parents_legal_rep",
        "prep_prev_care_proc_child",
        "prep_prev_pre_proc_child",
        "prep_proc_short_notice_reason",
        "send_uln",
        "send_upn",
        "send_upn_unknown",
        "pers_is_mother",
        "pers_legacy_id",
        "pers_nationality",
        "pers_send_flag",
        "s47e_s47_completed_by_team",
        "s47e_s47_completed_by_worker_id",
        "s47e_s47_outcome_json",
    }
)
#: An answer as the record holds it, and how it is written. Nothing is on record of one that does not apply or is not known.
ANSWERS = Choices("answers", [("1", "Y"), ("0", "N"), ("1", "Yes"), ("0", "No"), ("", "NA"), ("", "U")])
_KINDS = {"datetime": Kind.DAY, "int": Kind.WHOLE, "float": Kind.NUMBER}
_LETTER = "nchar"


def _kind(row: dict[str, str]) -> Kind:
    if row["field"] in CODES:
        return Kind.CODE
    if row["field"] in _COUNTS:
        return Kind.WHOLE
    if row["field"] in _ANSWERED:
        return Kind.CHOICE
    if row["type"] == _LETTER and row["length"] == "1" and row["field"] not in _COUNTED:
        return Kind.LETTER
    return _KINDS.get(row["type"], Kind.TEXT)


#: Texts in type, whole numbers in meaning.
_COUNTS = frozenset({"csdq_sdq_score", "perm_number_of_adopters"})
#: Texts in type, yes or no in meaning, or neither where nothing was to be offered.
_ANSWERED = frozenset({"miss_missing_rhi_offered", "miss_missing_rhi_accepted"})
#: A letter in type, a number in meaning: the rank of a special need.
_COUNTED = frozenset({"senn_active_ehcp_need_rank"})


def _column(row: dict[str, str]) -> Column:
    name = row["field"]
    refers = LINKS.get(name, row["refers_to"])
    return Column(
        name,
        _kind(row),
        required=row["required"] == "Y" and name not in MAY_BE_EMPTY,
        codes=CODES.get(name, ""),
        at=EVER,
        recorded=name not in NOT_READ,
        future=name in AHEAD,
        longest=int(row["length"] or 0) or 4000,
        choices=ANSWERS if name in _ANSWERED else None,
        refers=refers if refers.count(".") == 1 and " " not in refers else "",
    )


def _table(name: str, rows: list[dict[str, str]]) -> Table:
    columns = tuple(_column(row) for row in rows)
    key = KEYS.get(name) or next((row["field"] for row in rows if row["key"]), "")
    person = next((one.name for one in columns if one.refers == PERSON or one.refers.endswith("_person_id")), "")
    return Table(
        "ssd",
        name,
        columns=columns,
        other=(name.replace("_", ""), name.removeprefix("ssd_").replace("_", "")),
        needed=name == "ssd_person",
        recorded=name not in NOT_RECORDED,
        key=key,
        child=CHILDREN.get(name) or (key if name == "ssd_person" else person or key),
        order=ORDER.get(name, ()) + _starts_and_ends([one.name for one in columns]),
    )


def _starts_and_ends(names: list[str]) -> tuple[tuple[str, str], ...]:
    """A day that starts something, and the day of the same name that ends it."""
    return tuple(
        (name, name.replace("start_date", "end_date"))
        for name in names
        if name.endswith("start_date") and name.replace("start_date", "end_date") in names
    )


def _tables() -> tuple[Table, ...]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read_csv(data_path("returns", "ssd", "fields.csv"), ("table", "field", "type", "refers_to")):
        rows[row["table"]].append(row)
    return tuple(_table(name, found) for name, found in rows.items())


TABLES = _tables()
#: Each table by its name.
TABLE = {table.name: table for table in TABLES}
#: Before the number of a record, where rows of one table come from two kinds of record.
OF_CASE, OF_REFERRAL = "C", "R"
