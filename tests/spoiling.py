"""Ways to spoil a file: pieces replaced by what is likely to do harm, and the end cut off."""

from __future__ import annotations

from hypothesis import strategies as st

LIKELY = [
    *(bytes([sign]) for sign in b"<>/&\"',;=+@\t\n\x00\xff"),
    *(b"\r\n", b"\xef\xbb\xbf", b"\xc3", "\u202e".encode(), "\U0001f9d2".encode(), b"A" * 3000),
    *(b"2021-05-04", b"31/02/2017", b"2026-05-04", b"31/02/2026", b"0000-00-00"),
    *(b"99999999999999999999", b"1e999", b"-1", b"NaN"),
    *(b"<Child>", b"</Child>", b"<CINdetails>", b"&amp;", b"&lt;", b"&#0;", b"]]>", b"<!--", b"<?x?>", b"<![CDATA["),
]

#: Where to cut in, how much goes, and what comes instead.
edits = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 12), st.one_of(st.sampled_from(LIKELY), st.binary(max_size=6))),
    max_size=4,
)


def spoilt(content: bytes, cut: int, changes: list[tuple[int, int, bytes]]) -> bytes:
    """The content with pieces replaced, and cut off."""
    for place, gone, new in changes:
        at = place % (len(content) + 1)
        content = content[:at] + new + content[at + gone :]
    return content[: max(0, len(content) - cut)]
