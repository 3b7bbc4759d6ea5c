"""Where an installation keeps its files."""

import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def var_dir() -> Path:
    """The folder of everything that is made while running: `var/` of the checkout, or `SIGHTLINE_VAR`."""
    return Path(os.environ.get("SIGHTLINE_VAR") or CHECKOUT / "var").resolve()


def secret_key() -> str:
    """The key that signs sessions: `SIGHTLINE_SECRET_KEY`, or one made once and kept in `var/secret-key`."""
    given = os.environ.get("SIGHTLINE_SECRET_KEY")
    if given:
        return given
    path = var_dir() / "secret-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place, so that two processes starting together agree on one complete key.
    draft = path.with_name(f".secret-key-{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
