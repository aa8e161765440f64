"""Invented records in the published shapes."""

from typing import Any

WITHOUT = "Marché négocié sans publicité ni mise en concurrence préalable"
ADAPTED = "Procédure adaptée"
OPEN = "Appel d'offres ouvert"
NEGOTIATION = "Procédure concurrentielle avec négociation"


def record(**changes: Any) -> dict[str, Any]:
    """A record in the shape of 2019: supplies of 30 000 € HT of a commune, notified in March 2021."""
    return {
        "id": "20210001",
        "acheteur": {"id": "21590163800019", "nom": "Commune inventée"},
        "nature": "Marché",
        "objet": "Acquisition de mobilier pour les bureaux",
        "codeCPV": "39130000",
        "procedure": ADAPTED,
        "dureeMois": 12,
        "dateNotification": "2021-03-15",
        "datePublicationDonnees": "2021-04-01",
        "montant": 30000,
        "titulaires": [{"typeIdentifiant": "SIRET", "id": "12345678900011"}],
        **changes,
    }
