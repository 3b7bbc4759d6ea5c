"""The synthetic partnership: an invented county whose records yield the figures of a profile."""

from sightline.engine.synthetic.generate import DEFAULT_SEED, generate
from sightline.engine.synthetic.profile import Profile, read

__all__ = ["DEFAULT_SEED", "Profile", "generate", "read"]
