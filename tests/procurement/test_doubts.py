"""What is not sure is said where the answer is said: headline, lightest way, what to establish, changes, days."""

import pickle
from datetime import date

import pytest

from qmi_rules.briefing import brief
from qmi_rules.model import Buyer, Lot, Need, Purchase
from qmi_rules.model.dossier import Dossier
from qmi_rules.pages import language, to_text
from qmi_rules.procurement import decide, timeline, what_if

FR, EN = language("fr"), language("en")
READINGS = ("100 000 € HT (R. 2122-9-1", "140 000 € HT (loi n° 2026-403")


def works(value, on=date(2026, 10, 15), **facts):
    return Purchase(
        title="Voirie",
        launched_on=on,
        contract_type="works",
        estimated_value=value,
        buyer=Buyer(kind="commune"),
        **facts,
    )


def plain(text):
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


CONTESTED = works(130_000, innovative=True)
UNVERIFIED = works("139999.99", on=date(2027, 1, 4))


class TestAContestedLimit:
    @pytest.mark.parametrize(
        "page",
        [
            decide(CONTESTED).explain("fr"),
            brief(Dossier(purchase=CONTESTED)).explain("fr"),
            to_text(brief(Dossier(purchase=CONTESTED)).summary(FR)),
        ],
        ids=["decision", "briefing", "summary"],
    )
    def test_is_named_with_its_texts_in_the_answer_and_asked_first(self, page):
        text = plain(page)
        answer, _, rest = text.partition("Qui signe")
        assert "« Seuil des achats innovants », 100 000 € HT ou 140 000 € HT selon le texte" in answer
        assert "Cela dépend d’un texte à vérifier ; en attendant, procédure sûre : Procédure adaptée." in answer
        assert all(reading in rest for reading in READINGS)
        assert plain("1. Quel montant faut-il retenir pour « Seuil des achats innovants »") in rest[rest.index("1. ") :]

    def test_says_what_each_reading_would_answer(self):
        (limit,) = what_if(CONTESTED, "innovative_purchase").contested
        assert [(int(r.amount), r.status) for r in limit.readings] == [(100_000, "closed"), (140_000, "open")]
        text = plain(what_if(CONTESTED, "innovative_purchase").explain("fr"))
        assert "1. si la lecture à 140 000 € HT est confirmée : ouverte (loi n° 2026-403" in text
        assert "2. si la valeur estimée du besoin baisse de 30 000,01 € (99 999,99 €)" in text
        assert "if the reading of €140,000 excl. VAT is confirmed: open" in plain(
            what_if(CONTESTED, "innovative_purchase").explain("en")
        )

    def test_alone_decides_only_where_nothing_else_is_open(self):
        assert decide(works(130_000)).answer.text.startswith("Cela dépend")

    def test_that_all_readings_agree_on_says_so(self):
        page = plain(decide(works(90_000, innovative=True)).explain("fr"))
        assert "100 000 € HT ou 140 000 € HT, quelle que soit la lecture" in page


class TestAValueThatIsNotConfirmed:
    """It frees nobody from competition: beside it stands the last confirmed value, and the reader is told which text to read."""

    def test_is_a_reading_beside_the_last_confirmed_one(self):
        decision = decide(UNVERIFIED)
        assert decision["direct_award"].status == "undetermined"
        assert decision["direct_award"].contested == ("direct_award.works",)
        assert decision.lightest == "adapted_procedure"
        text = plain(decision.answer.text)
        assert "Sans publicité" not in text.partition(".")[0]
        page = plain(decision.explain("fr"))
        assert "100 000 € HT (R. 2122-8 du code de la commande publique)" in page
        assert "140 000 € HT (art. 13 de la loi n° 2026-403" in page

    def test_leaves_no_doubt_where_both_answer_the_same(self):
        decision = decide(works(50_000, on=date(2027, 1, 4)))
        assert decision["direct_award"].doubts == ()
        assert decision.answer.competition == "not_required"

    def test_opens_nothing_by_a_later_launch(self):
        result = what_if(works(130_000), "direct_award")
        assert all("launched_on" not in {a.fact for a in change.alterations} for change in result.opens)

    def test_is_told_on_the_day_on_which_it_begins(self):
        text = plain(timeline(works(130_000)).explain("fr"))
        assert "fermée → indéterminée" in text
        assert "passe de 100 000 à 100 000 ou 140 000" in text

    def test_is_in_the_briefing_too(self):
        text = plain(to_text(brief(Dossier(purchase=UNVERIFIED)).summary(FR)))
        assert "Gré à gré sous le seuil de dispense" not in text.partition("À établir ensuite")[0]


def test_the_timeline_begins_on_the_day_of_launch_and_ends_with_the_past():
    text = plain(timeline(works(130_000)).explain("fr"))
    places = [
        text.index(words)
        for words in (
            "Pour un lancement le 15 octobre 2026",
            "À partir du 1er janvier 2027",
            "Avant",
            "1er juillet 2026 :",
        )
    ]
    assert places == sorted(places)
    assert "la table ne connaît" not in text


LOTS = Purchase(
    title="Cour",
    launched_on=date(2026, 5, 15),
    contract_type="supplies",
    buyer=Buyer(kind="commune"),
    innovative=False,
    prototype=False,
    research_and_development=False,
    partial_replacement=False,
    lots=[
        Lot(id="Mobilier", estimated_value=240_000, small_lot=False),
        Lot(id="Capteurs", estimated_value=50_000, small_lot=True),
    ],
)


def test_small_lots_are_in_the_headline_and_each_line_of_a_lot_has_its_status_and_article():
    decision = decide(LOTS)
    assert "Lot Capteurs : Gré à gré sous le seuil de dispense" in plain(decision.answer.text)
    text = plain(decision.explain("fr"))
    assert "Lot Capteurs : Gré à gré sous le seuil de dispense (CCP, art. R. 2122-8" in text
    sensors = text[text.rindex("Lot par lot") :]
    assert "Capteurs 50 000 € HT Gré à gré sous le seuil de dispense" in sensors
    assert "Gré à gré sous le seuil de dispense — procédure ouverte à l’acheteur (Capteurs) — petit lot" in sensors
    assert "l’acheteur veut utiliser la règle des petits lots pour ce lot" in sensors
    silent = plain(decide(LOTS.evolve(lots=[LOTS.lots[0], Lot(id="Capteurs", estimated_value=70_000)])).explain("fr"))
    own = silent[silent.rindex("Lot par lot") :]
    assert "Gré à gré sous le seuil de dispense — procédure fermée" in own or "comme l’ensemble" in own
    assert "Lot Capteurs" in plain(to_text(brief(Dossier(purchase=LOTS)).summary(FR)))


def test_reserved_lots_that_are_closed_say_so():
    decision = decide(works(130_000, on=date(2026, 2, 1)))
    assert "Lots réservés à de jeunes entreprises innovantes — procédure fermée" in plain(decision.explain("fr"))


def test_works_are_counted_by_operation():
    asked = Purchase(
        title="x",
        launched_on=date(2026, 5, 15),
        contract_type="works",
        buyer=Buyer(kind="commune"),
        need=Need(firm=40_000, same_need=[10_000]),
    )
    warning = next(w for w in decide(asked).warnings if w.code == "counted_by_operation")
    assert warning.about == ("need.same_need",)
    assert "need.operation" in warning.text
    cautions = decide(asked)["direct_award"].cautions
    assert any("opération de travaux" in caution.text for caution in cautions)
    assert not any("homogènes" in caution.text for caution in cautions)
    supplies = decide(asked.evolve(contract_type="supplies"))
    assert "counted_by_operation" not in {w.code for w in supplies.warnings}
    assert any("homogènes" in caution.text for caution in supplies["direct_award"].cautions)


def test_warnings_are_finished_sentences():
    asked = Purchase(
        title="x",
        launched_on=date(2026, 12, 1),
        contract_type="services",
        innovative=True,
        buyer=Buyer(kind="commune"),
        need=Need(firm=50_000, same_need=[60_000]),
    )
    decision = decide(asked)
    for warning in (*decision.warnings, *decide(UNVERIFIED).warnings, *decide(works(130_000)).warnings):
        assert "{" not in warning.text
        assert plain(warning.text) == plain(warning.explain("fr"))
        assert plain(warning.explain("en")) != plain(warning.text)
    (splitting,) = [w for w in decision.warnings if w.code == "splitting"]
    assert "Achat public innovant" in splitting.text
    assert "Seuil des achats innovants" not in splitting.text


def test_the_written_list_compares_by_value():
    one, two = (decide(CONTESTED).written("adapted_procedure") for _ in range(2))
    assert one == two == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(two)
    assert one != decide(CONTESTED).written("open_procedure")
