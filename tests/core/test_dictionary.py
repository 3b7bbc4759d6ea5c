"""The data dictionary: no field goes undescribed, and the pages say what the declarations say."""

from pathlib import Path

import pytest
from django.db import models

from sightline.core.records import dictionary
from sightline.core.records import fields as f
from sightline.engine import docs


def test_every_field_of_every_record_is_classified() -> None:
    assert dictionary.faults() == []


def test_a_field_that_says_too_little_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loose(models.Model):
        note = models.TextField()
        untitled = f.Text(sensitivity=f.OPEN)
        odd = f.Code("Odd", f.OPEN, codes="no_such_set")

        class Meta:
            app_label = "test_only"
            managed = False

    monkeypatch.setattr(dictionary, "described_models", lambda: [Loose])
    assert dictionary.faults() == [
        "test_only.Loose: has no description",
        "test_only.Loose.note: says nothing of its sensitivity",
        "test_only.Loose.note: has no title",
        "test_only.Loose.untitled: has no title",
        "test_only.Loose.odd: names the code set 'no_such_set', which there is not",
    ]


def test_what_names_a_person_is_classed_as_identifying() -> None:
    telling = {"forename", "surname", "postcode", "home_postcode", "line_1", "value", "source_id"}
    for model in dictionary.described_models():
        for entry in dictionary.entries(model):
            if entry.name in telling:
                assert entry.sensitivity == f.Sensitivity.IDENTIFYING, f"{model._meta.label}.{entry.name}"


def test_looked_after_and_adoption_records_are_kept_longest() -> None:
    kept = {model._meta.label: getattr(model, "RETENTION", None) for model in dictionary.described_models()}
    assert kept["looked_after.Episode"] == f.Retention.LOOKED_AFTER
    assert kept["adoption.AdoptionPlan"] == f.Retention.ADOPTION
    assert set(dictionary.RETENTION_DEFAULTS) == set(f.Retention)


class TestPages:
    def test_that_are_kept_are_fresh(self) -> None:
        assert docs.stale() == []

    def test_are_written_once_and_found_stale_when_changed(self, tmp_path: Path) -> None:
        assert len(docs.write(tmp_path)) == len(docs.PAGES)
        assert docs.write(tmp_path) == []
        (tmp_path / "clocks.md").write_text("old")
        assert docs.stale(tmp_path) == [tmp_path / "clocks.md"]

    def test_do_not_depend_on_the_operators_own_limits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SIGHTLINE_LOCAL", str(tmp_path))
        assert docs.stale() == []
