"""What has changed between two payloads of a child, by id and never by position, and what a receiver holds after it.

Read so, and to be confirmed with the Department: what is sent under an id, or as a block that there is once, takes the place of what was
said there before; blocks inside it that are left out stay as they were; only `purge` removes.
"""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.social_care_api.schema import PURGE, Payload, Shape


def changed(shape: Shape, before: Payload | None, now: Payload, *, whole: bool = False) -> Payload | None:
    """What to send so that a receiver who holds `before` holds `now`; `whole` sends what has not changed, too. None where that is nothing."""
    own = own_of(shape, now)
    parts = {
        name: found
        for name, part in shape.parts.items()
        if (found := _changed_part(part, (before or {}).get(name), now.get(name), whole))
    }
    if before is not None and own == own_of(shape, before) and not parts and not whole:
        return None
    return shape.in_order(own | parts)


def _changed_part(
    part: Shape, before: Payload | list[Payload] | None, now: Payload | list[Payload] | None, whole: bool
) -> Payload | list[Payload] | None:
    if part.many:
        return list(_changed_records(part, by_id(part, before), by_id(part, now), whole))
    assert not isinstance(before, list)
    assert not isinstance(now, list)
    if now is not None:
        return changed(part, before, now, whole=whole)
    return None if before is None else {PURGE: True}


def _changed_records(
    part: Shape, before: dict[str, Payload], now: dict[str, Payload], whole: bool
) -> Iterator[Payload]:
    for key, record in now.items():
        if found := changed(part, before.get(key), record, whole=whole):
            yield found
    for key in before:
        if key not in now:
            yield {part.id: key, PURGE: True}


def only_what_stays(shape: Shape, before: Payload, now: Payload) -> Payload:
    """`before` without what is no longer in `now`: nothing new and nothing changed."""
    kept = own_of(shape, before)
    for name, part in shape.parts.items():
        if name not in before:
            continue
        if part.many:
            left = by_id(part, now.get(name))
            stay = [
                only_what_stays(part, record, left[key])
                for key, record in by_id(part, before[name]).items()
                if key in left
            ]
            kept |= {name: stay} if stay else {}
        elif name in now:
            kept[name] = before[name]
    return shape.in_order(kept)


def applied(shape: Shape, held: Payload | None, sent: Payload) -> Payload | None:
    """What a receiver holds after it was sent something. None: nothing. Records of a list stand in the order of their ids."""
    if sent.get(PURGE):
        return None
    found = own_of(shape, sent)
    for name, part in shape.parts.items():
        before, new = (held or {}).get(name), sent.get(name)
        after = (
            _applied_records(part, before, new) if part.many else before if new is None else applied(part, before, new)
        )
        found |= {name: after} if after else {}
    return shape.in_order(found)


def _applied_records(part: Shape, held: list[Payload] | None, sent: list[Payload] | None) -> list[Payload]:
    found = by_id(part, held)
    for record in sent or ():
        after = applied(part, found.get(record[part.id]), record)
        found.pop(record[part.id], None)
        found |= {record[part.id]: after} if after is not None else {}
    return [found[key] for key in sorted(found)]


def own_of(shape: Shape, values: Payload) -> Payload:
    """A block's own properties."""
    return {name: values[name] for name in shape.own if name in values}


def by_id(part: Shape, records: Payload | list[Payload] | None) -> dict[str, Payload]:
    """The records of a list by their ids, in their order."""
    assert not isinstance(records, dict)
    return {record[part.id]: record for record in records or ()}
