"""The gate: may this host be served from this address, asked by the provider's edge servers for each name."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.refusals import CredentialRefused
from edge.masking import refusal_for
from edge.peers import is_loopback
from edge.refusals import TurnedAway
from schema.credentials import prefers_english
from workflow.gate import decide


async def gate(request: Request) -> Response:
    """`GET /gate?host=&ip=`: 200 or 403 with the decision as body and headers.

    Open to this machine and to tokens of scope GATE; others get 401 and no decision.
    """
    try:
        if not is_loopback(request):
            await _require_scope(request)
        host = request.query_params.get("host", "").strip()
        if not host:
            raise TurnedAway("parameters")
        decision = await decide(host, request.query_params.get("ip", "").strip() or None)
    except Exception as error:  # the hosting edge gets an answer whatever happens here
        return refusal_for(error).answer(english=prefers_english(request.headers))
    body = {
        "host": decision.host,
        "decision": decision.decision,
        "reason": decision.reason,
        "filingNumber": decision.filing_number,
    }
    headers = {"x-beian-decision": decision.decision, "x-beian-reason": decision.reason}
    return JSONResponse(body, status_code=200 if decision.decision == "ALLOW" else 403, headers=headers)


async def _require_scope(request: Request) -> None:
    state = request.app.state
    context = await state.make_context(request, None, state.settings)
    if not context.has_scope("GATE"):
        raise CredentialRefused("no scope GATE")
