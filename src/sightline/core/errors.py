"""What may go wrong and be told to a person: what is wrong, where, and what to do next. No Django here."""


class Problem(Exception):
    """A failure with a plain explanation. The command line prints it without a traceback; the web shows it as a page.

    `what` says what is wrong, `where` the file, line, record or setting, `next` what the reader can do about it. Keep personal
    details out of all three: they may end up in a log.
    """

    def __init__(self, what: str, where: str = "", next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next = next

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"Where: {self.where}")
        if self.next:
            lines.append(f"What to do: {self.next}")
        return "\n".join(lines)


class SetUpProblem(Problem):
    """The machine, the set-up or a setting is not as Sightline needs it."""


class InputProblem(Problem):
    """What was given cannot be used: a file, an option, a date."""
