"""Canned reasons (常用退回意见): ready-made words for a return, shipped once and then the administrators' own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tortoise.queryset import QuerySet

from models.clock import now
from models.code import CodeStamp
from models.desk import CannedReason
from models.event import AuditEntry
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, NotPermitted, StaleVersion, WrongState
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from rules.catalogue import RULES
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.wording import is_writable

AT_MOST = 500
LONGEST_TEXT = 2000
LONGEST_SUGGESTION = 1000
LAST_POSITION = 10_000
SHIPPED = Path(__file__).parent / "data" / "canned_reasons.json"
_MEANT = {"blocking": True, "position": 0, "active": True}  # what null says where a reason must have a value
_ONLY = "canned_reasons"  # the row of the stamps that says that the shipped ones were laid in


async def load_shipped_reasons() -> int:
    """Lay the shipped reasons in, once in the life of a database; gives how many.

    What was edited or retired since is never overwritten. Several processes may start at once: one of them does it.
    """

    async def work() -> int:
        await CodeStamp.bulk_create([CodeStamp(name=_ONLY, stamp="")], ignore_conflicts=True)
        if not await CodeStamp.filter(name=_ONLY, stamp="").update(stamp="laid in"):
            return 0
        moment = now()
        items = json.loads(SHIPPED.read_text(encoding="utf-8"))["items"]
        await CannedReason.bulk_create(
            [CannedReason(**item, position=place, updated_at=moment) for place, item in enumerate(items, 1)]
        )
        return len(items)

    return await unit_of_work(work)


def visible_reasons(actor: Actor) -> QuerySet[CannedReason]:
    """The reasons that the actor may see: all for reviewers and administrators, none for others."""
    staff = actor.role in (Role.REVIEWER, Role.ADMIN)
    return CannedReason.all() if staff else CannedReason.filter(id__in=[])


async def canned_reasons(
    actor: Actor, rule: str | None, search: str | None, *, include_inactive: bool
) -> list[CannedReason]:
    """The reasons about a rule, with these words, in order and active ones first; at most 500."""
    rows = visible_reasons(actor)
    rows = rows if include_inactive else rows.filter(active=True)
    rows = rows if rule is None else rows.filter(rule=rule)
    wanted = (search or "").strip().casefold()
    found = [row for row in await rows.order_by("-active", "position", "id") if wanted in _words(row)]
    return found[:AT_MOST]


def _words(row: CannedReason) -> str:
    return "\n".join(part for part in (row.text, row.suggestion, row.rule) if part).casefold()


async def create_canned_reason(actor: Actor, *, fields: Mapping[str, Any], key: str | None) -> Outcome:
    """Add a reason; `fields` holds text and, where given, rule, suggestion, blocking and position."""

    async def work() -> Outcome:
        _require_administrator(actor)
        values = _checked(fields)
        await _hold_the_list()
        await _require_room()
        row = await CannedReason.create(**values, updated_at=now())
        return await _audited(actor, "CREATE_CANNED_REASON", row)

    return await carry_out(actor, "createCannedReason", fields, key, work)


async def update_canned_reason(
    actor: Actor, *, id: str, version: int, fields: Mapping[str, Any], key: str | None
) -> Outcome:
    """Change what `fields` holds of a reason: an absent field stays, None clears; `active` may bring it back."""

    async def work() -> Outcome:
        row = await _held(actor, id, version)
        values = _checked(fields)
        if values.get("active", False) and not row.active:
            await _hold_the_list()
            await _require_room()
        return await _changed(actor, "UPDATE_CANNED_REASON", row, values)

    request = {"id": id, "version": version, **fields}
    return await carry_out(actor, "updateCannedReason", request, key, work)


async def remove_canned_reason(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Retire a reason: it is offered no more, and stays on record."""

    async def work() -> Outcome:
        row = await _held(actor, id, version)
        return await _changed(actor, "REMOVE_CANNED_REASON", row, {"active": False})

    request = {"id": id, "version": version}
    return await carry_out(actor, "removeCannedReason", request, key, work)


def _require_administrator(actor: Actor) -> None:
    reaches = actor.scopes is None or TokenScope.ADMIN in actor.scopes
    if actor.role is not Role.ADMIN or not reaches:
        raise NotPermitted


async def _held(actor: Actor, id: str, version: int) -> CannedReason:
    """The reason as the administrator saw it, held until the unit of work ends."""
    _require_administrator(actor)
    number = number_of(CannedReason, id)
    row = None if number is None else await CannedReason.filter(id=number).select_for_update().first()
    if row is None:
        raise NotFound(("id",))
    if row.version != version:
        raise StaleVersion(row.version)
    return row


async def _hold_the_list() -> None:
    """Nobody else adds one until the unit of work ends."""
    await CodeStamp.filter(name=_ONLY).select_for_update().first()


async def _require_room() -> None:
    if await CannedReason.filter(active=True).count() >= AT_MOST:
        raise WrongState("常用退回意见最多500条，请先停用", "there are 500 already; retire some first")


async def _changed(actor: Actor, action: str, row: CannedReason, values: Mapping[str, Any]) -> Outcome:
    await CannedReason.filter(id=row.id).update(**values, version=row.version + 1, updated_at=now())
    return await _audited(actor, action, await CannedReason.get(id=row.id))


async def _audited(actor: Actor, action: str, row: CannedReason) -> Outcome:
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action=action,
        record=node_id(CannedReason, row.id),
        detail={"version": row.version, "rule": row.rule, "active": row.active},
    )
    return Outcome(ids={"canned_reason": row.id})


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept; raises Invalid for the first that cannot be."""
    values = dict(fields)
    for name, longest in (("text", LONGEST_TEXT), ("suggestion", LONGEST_SUGGESTION)):
        if name in values:
            values[name] = _text(name, values[name], longest)
    for name, meant in _MEANT.items():
        if name in values and values[name] is None:
            values[name] = meant
    if values.get("rule") is not None and values["rule"] not in RULES:
        raise Invalid(("rule",), "没有这条规则", "there is no such rule")
    if not 0 <= values.get("position", 0) <= LAST_POSITION:
        raise Invalid(("position",), "排序应为0至10000", "a position is 0 to 10000")
    return values


def _text(name: str, value: str | None, longest: int) -> str | None:
    said = (value or "").strip()
    if (name == "text" and not said) or len(said) > longest or not is_writable(said):
        raise Invalid((name,), f"应为1至{longest}个可见字符", f"1 to {longest} printable characters")
    return said or None
