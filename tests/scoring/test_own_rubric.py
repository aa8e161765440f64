"""A rubric of somebody's own is labelled as theirs."""

from qmi_rules import score

OWN = """
id = "ours"
title = "Grille de la ville"
owner = "Ville d'Exemple"
origin = "own"
certainty = "confirmed"
notice = "Employée depuis 2026."
[[criteria]]
id = "useful"
label = "Utile ?"
kind = "yes_no"
options = [{ id = "yes", label = "oui" }, { id = "no", label = "non" }]
"""


def test_a_rubric_of_ones_own_says_whose_it_is(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(OWN, "utf-8")
    card = score(file, {"useful": "yes"})
    assert card.to_dict()["origin"] == "own"
    page = " ".join(card.explain("fr").split())
    assert "Outil : Ville d’Exemple. Grille établie par celui qui l’emploie" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "of its user’s own" in " ".join(card.explain("en").split())
