"""What every page stands on: headers that keep the browser here, and the GOV.UK macros."""

from django.http import HttpRequest, HttpResponse
from django.template import engines

from sightline.web.security import ContentSecurityPolicy


def test_pages_load_nothing_from_elsewhere() -> None:
    policy = ContentSecurityPolicy(lambda request: HttpResponse("page"))(HttpRequest()).headers[
        "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy


def test_the_govuk_macros_work_and_escape() -> None:
    template = engines["jinja2"].from_string(
        "{% from 'govuk_frontend_jinja/components/button/macro.html' import govukButton %}{{ govukButton({'text': text}) }}"
    )
    page = template.render({"text": "<b>Go</b>"})
    assert "govuk-button" in page
    assert "&lt;b&gt;Go" in page
