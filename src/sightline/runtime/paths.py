"""Where an installation keeps its files."""

import os
import secrets
from pathlib import Path

from sightline.core.errors import SetUpProblem

CHECKOUT = Path(__file__).resolve().parents[3]


def var_dir() -> Path:
    """The folder of everything that is made while running: `var/` of the checkout, or `SIGHTLINE_VAR`."""
    return Path(os.environ.get("SIGHTLINE_VAR") or CHECKOUT / "var").resolve()


def made_var_dir() -> Path:
    """The same folder, made when it is not there. Raises SetUpProblem when it cannot be."""
    folder = var_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetUpProblem(
            f"The folder for what is made while running cannot be made: {error.strerror}",
            str(folder),
            "Set SIGHTLINE_VAR to a folder that you may write to.",
        ) from error
    return folder


def secret_key() -> str:
    """The key that signs sessions: `SIGHTLINE_SECRET_KEY`, or one made once and kept in `var/secret-key`."""
    given = os.environ.get("SIGHTLINE_SECRET_KEY")
    if given:
        return given
    path = made_var_dir() / "secret-key"
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
