"""The gate: may this host be served from this address, asked by the provider's edge servers for each name."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.refusals import CredentialRefused
from edge.masking import refusal_for
from edge.peers import is_loopback
from edge.refusals import TurnedAway
from models.gate import GateVerdict
from schema.credentials import prefers_english
from workflow.gate import decide


async def gate(request: Request) -> Response:
    """`GET /gate?host=&ip=`: 200 or 403 with the decision as body and headers.

    Open to this machine and to tokens of scope GATE; others get 401 and no decision. A host in grace is ALLOW here,
    with the reason for which it will be denied.
    """
    try:
        if not is_loopback(request):
            await _require_scope(request)
        decision = await decide(*_read_question(request))
    except Exception as error:  # the hosting edge gets an answer whatever happens here
        return refusal_for(error).answer(english=prefers_english(request.headers))
    told = GateVerdict.DENY if decision.decision is GateVerdict.DENY else GateVerdict.ALLOW
    body = {
        "host": decision.host,
        "decision": told,
        "reason": decision.reason,
        "filingNumber": decision.filing_number,
    }
    headers = {"x-beian-decision": told, "x-beian-reason": decision.reason}
    return JSONResponse(body, status_code=200 if told is GateVerdict.ALLOW else 403, headers=headers)


def _read_question(request: Request) -> tuple[str, str | None]:
    """Gives host and address; raises TurnedAway without a host, and where one is given twice (a `Host` with `&`)."""
    pairs = [(name, value.strip()) for name, value in request.query_params.multi_items()]
    asked = dict(pairs)
    if not asked.get("host") or len(asked) < len(pairs):
        raise TurnedAway("parameters")
    return asked["host"], asked.get("ip") or None


async def _require_scope(request: Request) -> None:
    state = request.app.state
    context = await state.make_context(request, None, state.settings)
    if not context.has_scope("GATE"):
        raise CredentialRefused("no scope GATE")
