"""The picture of a captcha (验证码)."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from accounts.captcha import image_of


async def captcha(request: Request) -> Response:
    """`GET /captcha/ID`: the PNG, or 404 where there is no such captcha or it has been used."""
    image = await image_of(request.path_params["captcha_id"])
    if image is None:
        return PlainTextResponse("Not Found", status_code=404)
    return Response(image, media_type="image/png")
