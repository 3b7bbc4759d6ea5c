"""The index by which people are found. It is derived: `index` says from what, and can make it again at any time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sightline.core.people.models import PERSON


class Entry(models.Model):
    """One thing by which a person can be found: a word of a name, a number, a postcode, kept in step by triggers on the record tables."""

    # One index less to keep than with a number of its own: half of what an import of children costs here is the indexes.
    pk = models.CompositePrimaryKey("kind", "key", "person_id")
    # Copied from records whose own links are checked, as the deadlines are.
    person = models.ForeignKey(
        PERSON, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "entries"
        indexes = (
            models.Index(fields=["person", "kind"], name="finding_entry_person"),
            GinIndex(
                fields=["key"], opclasses=["gin_trgm_ops"], name="finding_entry_address", condition=Q(kind="address")
            ),
        )


class Word(models.Model):
    """A word that stands in somebody's name, with what it sounds like and how it is mistyped.

    There are far fewer words than names, so a search looks for words that are like the one typed, and then for people by these words. `sounds` is a
    function of the word alone (see `words.keys`); it is null until the next search, for a trigger cannot work it out. A word that no
    name holds any more stays: nobody is found by it.
    """

    word = models.CharField(max_length=60, primary_key=True)
    sounds = ArrayField(models.CharField(max_length=70), null=True)

    class Meta:
        indexes = (
            GinIndex(fields=["sounds"], name="finding_word_sounds"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="finding_word_like"),
            models.Index(fields=["word"], condition=Q(sounds__isnull=True), name="finding_word_new"),
        )
