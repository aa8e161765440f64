"""The same in Django, in one file: a view that takes JSON and answers JSON or HTML.

In a project of your own, copy `decide_purchase` and `brief_dossier` and add them to `urlpatterns`.
"""

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qmi_rules import DocumentError, Dossier, Purchase, brief, decide, from_json
from qmi_rules.integrations.report import to_html_report

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver", "localhost"], SECRET_KEY="only for this example"
    )
    django.setup()


def refused(error: DocumentError) -> JsonResponse:
    """All faults at once, each with its path."""
    return JsonResponse({"problems": [{"path": p.path, "message": p.message} for p in error.problems]}, status=422)


@csrf_exempt
@require_POST
def decide_purchase(request: HttpRequest) -> HttpResponse:
    """A Purchase document in, a Decision document out."""
    try:
        purchase = from_json(request.body, Purchase)
    except DocumentError as error:
        return refused(error)
    return HttpResponse(decide(purchase).to_json(), content_type="application/json")


@csrf_exempt
@require_POST
def brief_dossier(request: HttpRequest) -> HttpResponse:
    """A Dossier document in; HTML for a browser, JSON for a program."""
    try:
        briefing = brief(from_json(request.body, Dossier))
    except DocumentError as error:
        return refused(error)
    if "text/html" in request.headers.get("accept", ""):
        return HttpResponse(to_html_report(briefing, "fr"))
    return HttpResponse(briefing.to_json(), content_type="application/json")


urlpatterns = [path("decide", decide_purchase), path("brief", brief_dossier)]
