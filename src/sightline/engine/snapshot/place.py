"""Where this installation keeps its snapshots, and the secret that hides person ids in them."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """The folder of snapshots, made when absent; only its owner may enter."""
    path: Path = settings.VAR_DIR / "snapshots"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def key() -> bytes:
    """The installation's secret for the hash of person ids, made once. Lose it and snapshots can no longer be told apart from each other's people."""
    path: Path = settings.VAR_DIR / "snapshot-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
