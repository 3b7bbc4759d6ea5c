"""People. One row per human being; child, parent and carer are roles, not tables."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap

PERSON = "people.Person"


class Person(Record):
    """A human being. An unborn child has an expected date and no date of birth."""

    birth_date = f.Date("Date of birth", f.PERSONAL, null=True, item="CIN N00066; SSDA903 DOB; SSD pers_dob")
    expected_birth_date = f.Date(
        "Expected date of birth", f.PERSONAL, null=True, item="CIN N00098; SSD pers_expected_dob"
    )
    death_date = f.Date("Date of death", f.SPECIAL, null=True, item="CIN N00108; SSD pers_death_date")
    sex = f.Code("Sex", f.PERSONAL, codes="sex", item="CIN N00783; SSDA903 SEX; SSD pers_sex", default="U")
    ethnicity = f.Code(
        "Ethnicity", f.SPECIAL, codes="ethnicity", item="CIN N00177; SSDA903 ETHNIC; SSD pers_ethnicity", default="NOBT"
    )

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            from_source("person"),
            models.CheckConstraint(
                condition=Q(death_date__isnull=True) | Q(birth_date__isnull=True) | Q(death_date__gte=F("birth_date")),
                name="person_death_after_birth",
            ),
        )


class Role(Record):
    """In what capacity a person is known, for a time: child, parent, carer, person in a position of trust."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    role = f.Code("Role", f.PERSONAL, codes="person_role")
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("role"), in_order("role"), no_overlap("role", "person", "role"))


class PersonName(Record):
    """A name a person goes or went by."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    forename = f.Text("Forename", f.IDENTIFYING, item="SSD pers_forename")
    surname = f.Text("Surname", f.IDENTIFYING, item="SSD pers_surname")
    kind = f.Code("Kind of name", f.PERSONAL, codes="name_kind", default="legal")
    start_date = f.Date("From", f.PERSONAL, null=True)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "name"
        verbose_name_plural = "names"
        constraints = (from_source("person_name"), in_order("person_name"))


class Identifier(Record):
    """A dated identifier: local id, NHS number, UPN, a former UPN, any later scheme."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    scheme = f.Code("Scheme", f.OPEN, codes="identifier_scheme")
    value = f.Code("Value", f.IDENTIFYING, max_length=60, item="CIN N00097 LAchildID; CIN N00001 UPN; SSDA903 CHILD")
    start_date = f.Date("Valid from", f.PERSONAL, null=True)
    end_date = f.Date("Valid to", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("identifier"), in_order("identifier"))
        indexes = (models.Index(fields=["scheme", "value"], name="identifier_lookup"),)


class PersonAddress(Record):
    """The spell for which a person lives at a place."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    place = f.Link("places.Place", "Place", f.PERSONAL)
    kind = f.Code("Kind of address", f.PERSONAL, codes="address_kind", default="home", item="SSD addr_address_type")
    start_date = f.Date("From", f.PERSONAL, item="SSD addr_address_start_date")
    end_date = f.Date("To", f.PERSONAL, null=True, item="SSD addr_address_end_date")

    class Meta:
        verbose_name = "address"
        verbose_name_plural = "addresses"
        constraints = (
            from_source("person_address"),
            in_order("person_address"),
            no_overlap("person_address", "person", "kind"),
        )


class Relationship(Record):
    """How one person is related to another: `person` is `kind` of `other`."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    other = f.Link(PERSON, "Other person", f.PERSONAL)
    kind = f.Code("Relationship", f.PERSONAL, codes="relationship")
    parental_responsibility = f.Yes("Has parental responsibility", f.PERSONAL, null=True)
    start_date = f.Date("From", f.PERSONAL, null=True)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("relationship"),
            in_order("relationship"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="relationship_two_people"),
        )


class Household(Record):
    """People who live together; siblings share one."""

    reference = f.Code("Family reference", f.PERSONAL, max_length=40, item="SSD fami_family_id", default="")

    class Meta:
        constraints = (from_source("household"),)


class HouseholdMember(Record):
    """The spell for which a person belongs to a household."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    household = f.Link(Household, "Household", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("household_member"),
            in_order("household_member"),
            no_overlap("household_member", "person", "household"),
        )


class Disability(Record):
    """A disability recorded for a person. No row means none recorded."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    disability = f.Code("Disability", f.SPECIAL, codes="disability", item="CIN N00099; SSD disa_disability_code")
    start_date = f.Date("From", f.SPECIAL, null=True)
    end_date = f.Date("To", f.SPECIAL, null=True)

    class Meta:
        verbose_name_plural = "disabilities"
        constraints = (from_source("disability"), in_order("disability"))


class Motherhood(Record):
    """That someone has had a child of whom no more is on record than the day of birth; of a child on record, Relationship says it."""

    person = f.Link(PERSON, "Mother", f.PERSONAL)
    child_birth_date = f.Date("Her child was born", f.PERSONAL, null=True, item="SSDA903 MC_DOB")

    class Meta:
        verbose_name_plural = "motherhoods"
        constraints = (from_source("motherhood"),)


class ContactPoint(Record):
    """How a person is reached: a telephone, an e-mail address, another way, and whether it is safe to use it.

    A message left where an abuser can read it puts people at risk, so a number nobody asked about is not taken to be safe
    (Domestic Abuse Act 2021 statutory guidance on information sharing).
    """

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    kind = f.Code("Kind", f.PERSONAL, codes="contact_point_kind")
    value = f.Text(
        "Number or address",
        f.IDENTIFYING,
        blank=False,
        validators=[MaxLengthValidator(120)],
        help="A telephone number as it is dialled, or an e-mail address.",
    )
    safe_to_use = f.Code(
        "Safe to use",
        f.PERSONAL,
        codes="contact_safety",
        default="with_care",
        help="Ask whether anybody else answers or reads it. Until you know, choose “with care”.",
    )
    start_date = f.Date("From", f.PERSONAL, null=True)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("contact_point"), in_order("contact_point"))


class WarningMarker(Record):
    """A warning that whoever opens the person's record must read first, with the day on which somebody looks at it again.

    A warning that nobody looks at again outlives its reason: it misleads workers and labels a family. So each has an owner and a review date
    (UK GDPR article 5(1)(d), accuracy; Health and Safety at Work etc. Act 1974 s2, for risks to workers).
    """

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    kind = f.Code("Kind of warning", f.SPECIAL, codes="warning_kind")
    detail = f.Text(
        "What whoever opens the record must know",
        f.IDENTIFYING,
        blank=False,
        help="What the risk is, where it comes from, and what to do: who must not be told, who visits with whom.",
    )
    start_date = f.Date("From", f.PERSONAL)
    review_date = f.Date("To be reviewed by", f.PERSONAL)
    reviewed_date = f.Date("Last reviewed", f.PERSONAL, null=True)
    worker = f.Link("organisations.Worker", "Worker who reviews it", f.PERSONAL, null=True)
    team = f.Link("organisations.Team", "Team that reviews it", f.PERSONAL, null=True)
    end_date = f.Date("Ended", f.PERSONAL, null=True)
    end_reason = f.Text("Why it ended", f.IDENTIFYING)

    class Meta:
        verbose_name = "warning"
        constraints = (
            from_source("warning"),
            in_order("warning"),
            in_order("warning_review", "start_date", "review_date"),
        )
        indexes = (models.Index(fields=["review_date"], condition=Q(end_date=None), name="warning_to_review"),)


class Judgement(Record):
    """Two people who look alike and were judged to be two, on registering one of them or on looking through likely duplicates."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    other = f.Link(PERSON, "Other person", f.PERSONAL)
    none_of_these = f.Yes(
        "None of the people found is this person",
        f.OPEN,
        null=True,
        help="Say yes only after looking at each of them.",
    )

    class Meta:
        constraints = (
            from_source("judgement"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="judgement_two_people"),
        )


class Merge(Record):
    """Two records that are of one human being, brought together: `person` is kept, `gone` leads to it.

    Nothing is copied and nothing is lost: what hung on the gone record hangs on the kept one, and `Move` says of every row what it said before.
    """

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person who is kept", f.PERSONAL, help="Their particulars stand.")
    gone = f.Link(
        PERSON, "Record that is merged into it", f.PERSONAL, help="Its address will lead to the person who is kept."
    )
    reason = f.Text(
        "Why they are one person",
        f.IDENTIFYING,
        blank=False,
        help="What you compared, and who confirmed it.",
    )
    requested_by = f.Code("Asked for by", f.OPEN, max_length=150, default="")
    merged_at = f.Moment("Merged at", f.OPEN, null=True)
    merged_by = f.Code("Merged by", f.OPEN, max_length=150, default="")
    second_person_needed = f.Yes("Needs a second person", f.OPEN, default=False)
    withdrawn_at = f.Moment("Withdrawn at", f.OPEN, null=True)
    undone_at = f.Moment("Un-merged at", f.OPEN, null=True)
    undone_by = f.Code("Un-merged by", f.OPEN, max_length=150, default="")
    undone_reason = f.Text("Why they are two people after all", f.IDENTIFYING)

    class Meta:
        constraints = (
            from_source("merge"),
            models.CheckConstraint(condition=~Q(person=F("gone")), name="merge_two_people"),
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(merged_at__isnull=False, undone_at__isnull=True),
                name="merge_gone_once",
            ),
        )


class Move(Record):
    """One value that a merge changed, and what it was; or one row that was set aside and stayed with the gone record."""

    IN_SNAPSHOT = False
    merge = f.Link(Merge, "Merge", f.PERSONAL)
    table_name = f.Code("Table", f.OPEN, max_length=63)
    row_id = f.Number("Row", f.PERSONAL)
    column_name = f.Code("Column", f.OPEN, max_length=63)
    old_value = f.Number("What it was", f.PERSONAL)
    set_aside = f.Yes("Set aside: it says what the kept record says already", f.OPEN, default=False)

    class Meta:
        constraints = (
            from_source("move"),
            models.UniqueConstraint(fields=["merge", "table_name", "row_id", "column_name"], name="move_once"),
        )
