"""`ask`: a few plain questions in the words of a town hall, then only what can change the card; nothing that was said is lost."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest

from qmi_rules import decide
from qmi_rules.doors.cli import main
from qmi_rules.errors import DocumentError
from qmi_rules.law.facts import fact_definitions
from qmi_rules.model import Purchase
from qmi_rules.model.dossier import Dossier
from qmi_rules.pages import language
from qmi_rules.procurement import run_interview
from qmi_rules.procurement.dialogue.dialogue import Interrupted
from qmi_rules.procurement.dialogue.opening import (
    OpeningChoice,
    opening_document,
    opening_questions,
    typed_amount,
    typed_choice,
    typed_day,
    typed_lots,
    typed_truth,
)
from qmi_rules.schema import package_data, structure
from qmi_rules.schema.toml import read_toml

FR, EN = language("fr"), language("en")
SENSORS = ["Pantin", "Capteurs d'air", "services", "85 000", "février 2027", "seul", "un seul", "?"]
BIKES = ["Meudon", "Deux vélos-cargos", "fournitures", "12 000", "février 2027", "seul"]


def asked(*typed, document=None, lang="fr", full=False):
    """The dossier and what was shown, in plain spaces; the input ends after what is typed."""
    lines, answers = [], iter(typed)

    def reply(prompt):
        try:
            given = next(answers)
        except StopIteration:
            raise EOFError from None
        if isinstance(given, BaseException):
            raise given
        return given

    known = run_interview(reply, lines.append, document, lang=lang, full=full)
    return known, "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_plain_questions_come_first_in_the_order_in_which_an_agent_thinks():
    _, said = asked(*SENSORS)
    places = [said.find(words) for words in (
        "Qui achète", "Qu’achetez-vous", "travaux, des fournitures ou des services", "Combien", "Quand", "seul ou avec d’autres",
        "un seul contrat, ou plusieurs lots", "nouvelle, déjà essayée",
    )]  # fmt: skip
    assert -1 not in places
    assert places == sorted(places)


def test_it_stops_as_soon_as_nothing_can_change_the_card():
    known, said = asked(*BIKES, "not read any more")
    assert "C’est tout" in said
    assert "lots" not in said.replace("lots,", "")
    assert "nouvelle, déjà" not in said
    assert decide(structure(known, Dossier).purchase).answer.procedure == "direct_award"


def test_what_the_answers_make_is_a_dossier_and_its_decision_is_the_card_that_was_shown():
    known, said = asked(*SENSORS[:-1], "nouvelle")
    dossier = structure(known, Dossier)
    assert (dossier.purchase.estimated_value, dossier.purchase.launched_on) == (85_000, date(2027, 2, 1))
    assert dossier.purchase.innovative is True
    card = (
        decide(dossier.purchase)
        .answer.text.replace("\N{NO-BREAK SPACE}", " ")
        .replace("\N{NARROW NO-BREAK SPACE}", " ")
    )
    assert said.endswith(card)


def test_the_card_is_shown_after_each_answer_and_says_that_it_waits_for_the_day():
    _, said = asked(*SENSORS[:5])
    before, after = said.split("Quand voulez-vous")
    assert "Fiche provisoire" in before
    assert "Fiche provisoire" not in after
    assert said.count("Qui signe") == 4  # the buyer, the amount and the day change it; once more at the end
    assert said.count("La fiche reste la même") == 2


def test_nobody_knows_is_an_answer_and_is_not_asked_again():
    known, said = asked("?", "?", "je ne sais pas", "?", "février 2027", "?", "?", "aucune idée")
    assert known["purchase"] == {"launched_on": "2027-02-01"}
    assert said.count("Combien") == said.count("Qui achète") == 1
    assert "moins de 60 000 €" in said


def test_an_amount_with_vat_is_counted_without_and_both_are_said():
    known, said = asked(*SENSORS[:3], "102 000 € TTC")
    assert known["purchase"]["estimated_value"] == "85000"
    assert "85 000 € HT, soit 102 000 € moins la TVA à 20 %" in said


def test_a_month_is_counted_from_its_first_day_and_it_is_said():
    known, said = asked(*SENSORS[:5])
    assert known["purchase"]["launched_on"] == "2027-02-01"
    assert "le 1er février 2027" in said


def test_back_takes_the_last_answer_away():
    known, said = asked("Pantin", "Capteurs", "retour", "Vélos", "fin")
    assert known["purchase"]["title"] == "Vélos"
    assert said.count("Qu’achetez-vous") == 2
    assert "première question" in asked("retour", "fin")[1]


@pytest.mark.parametrize("word", ["fin", "stop", "q", "FIN"])
def test_the_dialogue_may_be_stopped(word):
    assert asked("Pantin", word)[0]["purchase"] == {"buyer": {"kind": "commune", "insee_code": "93055"}}


def test_who_breaks_off_has_what_was_answered_so_far():
    with pytest.raises(Interrupted) as broken_off:
        asked("Pantin", KeyboardInterrupt())
    assert broken_off.value.dossier["purchase"]["buyer"]["insee_code"] == "93055"


def test_lots_are_taken_with_their_amounts_and_are_the_value():
    known, _ = asked("Pantin", "Cour d'école", "travaux", "130 000", "janvier 2027", "seul", "plusieurs", "voirie 80 000 ; clôture 30 000 ; arbres 20 000", "courante")  # fmt: skip
    assert [lot["id"] for lot in known["purchase"]["lots"]] == ["voirie", "clôture", "arbres"]
    assert structure(known, Dossier).purchase.value == 130_000
    assert "estimated_value" not in known["purchase"]


def test_it_goes_on_with_a_purchase_or_a_dossier_and_keeps_its_other_parts():
    start = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": "85000"}
    _, said = asked("fin", document=start)
    assert "Combien" not in said
    commune = {"insee_code": "93055", "budget_vote": "spring", "delegation_limit": "90000"}
    known, said = asked("fin", document={"purchase": start, "commune": commune})
    assert known["commune"] == commune
    assert "par délégation" in said
    assert "Qui achète" not in said


def test_a_document_at_fault_is_refused_before_anything_is_said():
    lines = []
    with pytest.raises(DocumentError, match="contract_type"):
        run_interview(lambda prompt: "", lines.append, {"contract_type": "goods"})
    assert lines == []


def test_an_answer_that_is_none_is_asked_for_again_with_what_is_understood():
    known, said = asked("Pantin", "Capteurs", "services", "beaucoup", "85 000", "31/02/2027", "bientôt", "fin")
    assert "un montant comme 60 000" in said
    assert said.count("un mois comme mars 2027") == 2
    assert known["purchase"]["estimated_value"] == "85000"


def test_it_speaks_english_too():
    _, said = asked("Pantin", "Sensors", "services", "85,000", "February 2027", "alone", "fin", lang="en")
    assert "Who is buying?" in said
    assert "Q" not in said.replace("Qui", "Q").split("Who")[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("85000", "85000"),
        ("85 000 €", "85000"),
        ("85 000 € HT", "85000"),
        ("85\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}€ HT", "85000"),
        ("environ 85 000 euros hors taxes", "85000"),
        ("85.000", "85000"),
        ("85,000", "85000"),
        ("1.234.567,89", "1234567.89"),
        ("59 999,99", "59999.99"),
        ("12", "12"),
        ("102 000 TTC", "85000"),
        ("102 000 € T.T.C.", "85000"),
        ("105 500 TTC à 5,5 %", "100000"),
        ("100 TTC", "83.33"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert typed_amount(text).value == Decimal(amount)


@pytest.mark.parametrize("text", ["85k", "1.2.3", "-5", "beaucoup", "85.0000", "entre 10 000 et 20 000"])
def test_what_is_no_amount_is_not_guessed(text):
    assert typed_amount(text) is None


@pytest.mark.parametrize(
    "text",
    ["2027-04-01", "01/04/2027", "1/4/2027", "1er avril 2027", "le 1er avril 2027", "jeudi 1er avril 2027", "1 April 2027", "avril 2027", "04/2027", "en avril 2027", FR.date(date(2027, 4, 1)), EN.date(date(2027, 4, 1))],
)  # fmt: skip
def test_a_day_is_read_as_people_and_the_tool_write_it(text):
    assert typed_day(text).day == date(2027, 4, 1)


@pytest.mark.parametrize("text", ["bientôt", "avril", "fin avril 2027", "2027", "3 ou 4 avril 2027"])
def test_what_is_no_day_is_not_guessed(text):
    assert typed_day(text) is None


def test_no_day_is_made_of_one_that_is_in_no_calendar():
    with pytest.raises(ValueError, match="day"):
        typed_day("31/02/2026")


def test_every_amount_and_day_that_the_tool_writes_it_reads():
    for say in (FR, EN):
        for amount in (Decimal(1), Decimal("59999.99"), Decimal(1_234_567)):
            assert typed_amount(say("{amount} HT", amount=say.euros(amount))).value == amount
        for month in range(1, 13):
            assert typed_day(say.date(date(2027, month, 9))).day == date(2027, month, 9)
            assert typed_day(say.weekday(date(2027, month, 1))).day == date(2027, month, 1)


@pytest.mark.parametrize(
    ("text", "truth"), [("oui", True), ("Oui.", True), ("o", True), ("NON", False), ("n", False), ("peut-être", None)]
)
def test_yes_and_no_are_read_and_nothing_else(text, truth):
    assert typed_truth(text) is truth


KINDS = [OpeningChoice(id="works", label="travaux"), OpeningChoice(id="supplies", label="fournitures"), OpeningChoice(id="services", label="services")]  # fmt: skip


@pytest.mark.parametrize("text", ["1", "works", "travaux", "Travaux.", "trav"])
def test_a_choice_is_answered_with_its_number_its_word_or_its_beginning(text):
    assert typed_choice(text, KINDS, FR) is KINDS[0]


@pytest.mark.parametrize("text", ["0", "4", "t", "autre chose", "s"])
def test_a_choice_is_not_guessed(text):
    assert typed_choice(text, KINDS, FR) is None


def test_lots_without_an_amount_are_not_guessed():
    assert typed_lots("voirie ; clôture 30 000") is None
    assert typed_lots("") is None
    assert typed_lots("80 000 ; Lot 2 : 30 000 € HT") == [
        {"id": "1", "estimated_value": "80000"},
        {"id": "Lot 2", "estimated_value": "30000"},
    ]


def test_no_question_is_negative():
    french = [question.text for question in opening_questions()]
    french += [fact.question for fact in fact_definitions().values()]
    negative = [text for text in french if any(word in f" {text.lower()}" for word in (" ne ", " n'", " n’"))]
    assert negative == []


def test_the_opening_is_data_that_a_browser_reads_in_both_languages():
    document = json.loads(json.dumps(opening_document()))
    assert [question["id"] for question in document["questions"]][:5] == [
        "buyer",
        "title",
        "contract_type",
        "amount",
        "day",
    ]
    for question in document["questions"]:
        assert question["text"]["fr"] != question["text"]["en"]
        for choice in question["choices"]:
            paths = [path for path in choice["fills"] if path.startswith("purchase.")]
            assert all(path.split(".")[1] in {*Purchase.__dataclass_fields__, "buyer"} for path in paths)


def test_particular_cases_are_asked_about_after_all_others_where_somebody_wants_all():
    sweeping = {
        "title": "Balayage",
        "launched_on": "2026-09-01",
        "estimated_value": "300000",
        "contract_type": "services",
        "buyer": {"kind": "commune"},
        "joint": False,
    }

    def answered(full, **said_yes):
        lines = []

        def reply(prompt):
            question = "\n".join(lines).rsplit("\n\n", 1)[-1]
            if "lots" in question:
                return "un seul"
            if "1." in question:
                return "?"
            return "oui" if any(words in question for words in said_yes.values()) else "non"

        purchase = run_interview(reply, lines.append, {"purchase": sweeping}, full=full)["purchase"]
        return purchase, decide(structure(purchase, Purchase)).answer

    usual, card = answered(full=False)
    assert usual == sweeping, "nothing speaks for a particular case"
    everything, same = answered(full=True)
    assert {"extreme_urgency": False, "research_and_development": False}.items() <= everything.items()
    assert (same.competition, same.procedure) == (card.competition, card.procedure)
    urgent, other = answered(full=True, urgency="urgence impérieuse")
    assert urgent["extreme_urgency"] is True
    assert other.competition == "not_required"


def test_the_command_asks_about_particular_cases_where_somebody_wants_all(capsys, monkeypatch, tmp_path):
    known = tmp_path / "achat.json"
    known.write_text(
        json.dumps({"title": "Balayage", "launched_on": "2026-09-01", "estimated_value": "300000"}
            | {"contract_type": "services", "buyer": {"kind": "commune"}, "joint": False}), "utf-8",
    )  # fmt: skip

    def shown(*options):
        monkeypatch.setattr("sys.stdin", io.StringIO("un seul\n"))
        with pytest.raises(SystemExit):
            main(["ask", str(known), *options])
        return capsys.readouterr().out

    assert "urgence impérieuse, due" not in shown()
    assert "urgence impérieuse, due" in shown("--full")


def test_what_each_answer_of_the_opening_writes_into_the_dossier_is_what_its_words_say():
    """Written down a second time: an answer that wrote its opposite would contradict it."""
    written = read_toml(package_data("asking", "opening.toml"))["questions"]
    assert {c["label"]: c["fills"] for question in written for c in question.get("choices", ()) if "fills" in c} == {
        "Seul": {"purchase.joint": False},
        "Avec d'autres acheteurs publics": {"purchase.joint": True},
        "Nouvelle ou nettement améliorée : déclarée innovante": {"purchase.innovative": True},
        "Déjà essayée, chez nous ou ailleurs, et toujours innovante : déclarée telle": {
            "purchase.innovative": True,
            "checklist.experiment_or_direct_purchase": "direct_purchase",
            "checklist.need_met_before": True,
        },
        "Courante : plusieurs fournisseurs la vendent": {"purchase.innovative": False},
    }


def test_the_card_stands_once_at_the_end():
    """Where the last answer changes it too: not under that answer and below it again."""
    known, _ = asked(*BIKES)
    without_day = {key: value for key, value in known["purchase"].items() if key != "launched_on"}
    _, said = asked("février 2027", document={"purchase": without_day})
    assert "C’est tout" in said
    assert said.count("Qui signe") == 1
