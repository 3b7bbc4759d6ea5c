"""The ids under which episodes are told: by what record an episode is made of, so that they stay the same for good."""


def case_id(case: int) -> str:
    """Of a case."""
    return f"case-{case}"
