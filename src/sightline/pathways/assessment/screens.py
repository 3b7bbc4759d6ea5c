"""What a manager sees beside the form that authorises an assessment."""

from sightline.pathways.assessment.side_by_side import since_last_submission

BESIDE = {"assessment.authorise": since_last_submission}
