"""A new password, typed twice."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from sightline.core.access.models import User


class NewPassword:
    """What was typed, and what is wrong with it by the id of the field."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.password = request.POST.get("new", "")
        self.errors: dict[str, str] = {}
        if request.method != "POST":
            return
        try:
            validate_password(self.password, user)
        except ValidationError as wrong:
            self.errors["new"] = " ".join(wrong.messages) if self.password else "Enter a new password"
        if not self.errors and request.POST.get("again", "") != self.password:
            self.errors["again"] = "Enter the same new password in both boxes"
