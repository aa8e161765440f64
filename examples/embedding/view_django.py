"""The same in Django, in one file: a form whose fields show what is wrong with them in French, and views that take JSON.

In a project of your own, copy `PurchaseForm` and the views and add them to `urlpatterns`.
"""

import django
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from qmi_rules import DocumentError, Dossier, Purchase, brief, decide, from_json
from qmi_rules.briefing.report import to_html_report
from qmi_rules.question_page import page_script
from qmi_rules.schema import read

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["testserver", "localhost"],
        SECRET_KEY="only for this example",
        LANGUAGE_CODE="fr",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()


TYPES = [("", "Je ne sais pas"), ("works", "Travaux"), ("supplies", "Fournitures"), ("services", "Services")]


class PurchaseForm(forms.Form):
    """The texts that a user types, as they are: the library reads them and says what is wrong with each."""

    title = forms.CharField(required=False, label="Objet")
    launched_on = forms.CharField(
        required=False, label="Lancement de la consultation", widget=forms.TextInput({"type": "date"})
    )
    estimated_value = forms.CharField(required=False, label="Valeur estimée, € HT")
    contract_type = forms.CharField(required=False, label="Nature", widget=forms.Select(choices=TYPES))

    def clean(self) -> dict[str, object]:
        """The purchase, under `purchase`; else the faults, in French, at their fields."""
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        try:
            return {"purchase": read(typed, Purchase)}
        except DocumentError as error:
            for problem in error.problems:
                self.add_error(problem.path if problem.path in self.fields else None, problem.say("fr"))
        return self.cleaned_data


@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    """The form; once it is filled in, the explanation."""
    form = PurchaseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return HttpResponse(decide(form.cleaned_data["purchase"]).explain("fr", "html"))
    return HttpResponse(f"<form method='post'>{form.as_p()}<button>Continuer</button></form>")


def refused(error: DocumentError) -> JsonResponse:
    """All faults at once, each with its code, its path and its words."""
    return JsonResponse(error.to_dict("fr"), status=422)


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


ELEMENT = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Acheter</title><script src="achats.js" defer></script></head>
<body><h1>Acheter</h1><qmi-rules-question-page lang="fr"></qmi-rules-question-page></body></html>"""
SCRIPT = page_script()


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """A page of the town's own with the element in it; its questions are answered in the browser."""
    return HttpResponse(ELEMENT, headers={"content-security-policy": "default-src 'self'"})


@require_GET
def questions_script(request: HttpRequest) -> HttpResponse:
    """The element; in a project, a static file that `qmi-rules page --external` writes."""
    return HttpResponse(SCRIPT, content_type="text/javascript; charset=utf-8")


urlpatterns = [
    path("", ask),
    path("decide", decide_purchase),
    path("brief", brief_dossier),
    path("achats", questions),
    path("achats.js", questions_script),
]
