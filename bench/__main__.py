"""Runs each measurement in a process of its own, so that one's memory and caches are not another's."""

import pkgutil
import subprocess
import sys

import bench

HELPERS = {"__main__", "invented_903", "ruler", "visitors"}


def main(chosen: list[str]) -> int:
    """The exit code: that of the first measurement that broke."""
    names = [found.name for found in pkgutil.iter_modules(bench.__path__) if found.name not in HELPERS]
    unknown = set(chosen) - set(names)
    if unknown:
        print(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(names)}", file=sys.stderr)
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in chosen or names
    ]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
