"""Records of every shape: a typed contract with the origin of each derived fact, or a typed refusal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_contracts import ADAPTED, OPEN, WITHOUT, record

from qmi_rules.decp import Nature, Published, PublishedContract, Refusal, RefusalReason, read_record
from qmi_rules.model import BuyerKind, ContractType


def contract(raw: Any, **how: Any) -> PublishedContract:
    read = read_record(raw, **how)
    assert isinstance(read, PublishedContract)
    return read


def refusal(raw: Any, **how: Any) -> Refusal:
    read = read_record(raw, **how)
    assert isinstance(read, Refusal)
    return read


def test_a_record_becomes_a_purchase_with_origins() -> None:
    read = contract(record(procedure=WITHOUT))
    assert read.procedure is Published.WITHOUT_PUBLICITY
    assert (read.contract_type, read.buyer_kind) == (ContractType.SUPPLIES, BuyerKind.COMMUNE)
    assert dict(read.origins) == {
        "launched_on": "notification_not_launch",
        "estimated_value": "published_amount_not_estimate",
        "contract_type": "cpv_division",
        "buyer_kind": "siren_prefix",
    }
    purchase = read.purchase
    assert (str(purchase.value), purchase.launched_on.isoformat()) == ("30000.00", "2021-03-15")
    assert purchase.cpv == "39130000"


@pytest.mark.parametrize(
    "raw",
    [
        {"acheteur.id": "21590163800019"},
        {"acheteur_id": "21590163800019"},
        {"acheteur": {"id": "215 901 638 00019"}},
    ],
)
def test_the_buyer_may_be_nested_dotted_or_in_a_column(raw: dict[str, Any]) -> None:
    base = record()
    del base["acheteur"]
    assert contract(base | raw).buyer == "21590163800019"


def test_the_columns_of_the_lower_case_table_are_read() -> None:
    read = contract(
        {
            "id": "1",
            "objet": "Acquisition de mobilier",
            "montant": "43192.5",
            "codecpv": "39130000-2",
            "procedure": ADAPTED,
            "nature": "Marché",
            "datenotification": "2024-02-08",
            "dureemois": "8",
            "acheteur_id": "21210038200010",
        }
    )
    assert (read.cpv, read.duration_months, str(read.notified_on)) == ("39130000", 8, "2024-02-08")


@pytest.mark.parametrize(
    ("changes", "nature"),
    [
        ({}, Nature.CONTRACT),
        ({"nature": "marché"}, Nature.CONTRACT),
        ({"nature": "ACCORD-CADRE"}, Nature.FRAMEWORK),
        ({"nature": "Marché subséquent"}, Nature.SUBSEQUENT),
        ({"nature": "Marché de défense ou de sécurité"}, Nature.DEFENCE),
        ({"nature": None}, Nature.UNKNOWN),
        ({"techniques": {"technique": ["Concours", "Accord-cadre"]}}, Nature.FRAMEWORK),
        ({"techniques": [{"technique": "Accord-cadre"}]}, Nature.FRAMEWORK),
        ({"techniques": "Accord-cadre, Concours"}, Nature.FRAMEWORK),
        ({"modalitesExecution": {"modaliteExecution": ["Bons de commande"]}}, Nature.FRAMEWORK),
        ({"idAccordCadre": "2024-116"}, Nature.SUBSEQUENT),
        ({"objet": "Mission, accord-cadre à bons de commande"}, Nature.FRAMEWORK),
        ({"dateNotification": "2024-05-01"}, Nature.UNKNOWN),
        ({"dateNotification": "2024-05-01", "techniques": {"technique": ["Sans objet"]}}, Nature.CONTRACT),
    ],
)
def test_natures(changes: dict[str, Any], nature: Nature) -> None:
    assert contract(record(**changes)).nature is nature


@pytest.mark.parametrize(
    ("label", "procedure"),
    [
        ("Appel d offres ouvert", Published.OPEN),
        ("appel d’offres restreint", Published.RESTRICTED),
        ("Proc\ufffddure adapt\ufffde", Published.ADAPTED),
        ("Procédure négociée avec mise en concurrence préalable", Published.NEGOTIATION),
        ("Marché public négocié sans publicité ni mise en concurrence préalable", Published.WITHOUT_PUBLICITY),
        ("Marché passé sans publicité ni mise en concurrence préalable", Published.WITHOUT_PUBLICITY),
        ("Dialogue compétitif", Published.DIALOGUE),
        ("", Published.UNKNOWN),
        (None, Published.UNKNOWN),
        ("x" * 100_000, Published.UNKNOWN),
    ],
)
def test_procedures(label: Any, procedure: Published) -> None:
    assert contract(record(procedure=label)).procedure is procedure


@pytest.mark.parametrize(
    ("cpv", "title", "kind", "origin"),
    [
        ("39130000", "Acquisition de mobilier", ContractType.SUPPLIES, "cpv_division"),
        ("9132100", "Fourniture de carburant", ContractType.SUPPLIES, "cpv_repaired_division"),
        ("45000000", "Réfection de la toiture", ContractType.WORKS, "cpv_division"),
        ("90911000", "Nettoyage des locaux", ContractType.SERVICES, "cpv_division"),
        ("32400000", "EFFACEMENT DES RÉSEAUX AÉRIENS", None, "cpv_division_against_words"),
        ("39130000", "Marché de travaux : mobilier urbain", None, "cpv_division_against_words"),
        ("45000000", "Logiciel de maintenance", ContractType.WORKS, "cpv_division"),
        ("71200000", "Maîtrise d'œuvre des travaux", ContractType.SERVICES, "cpv_division"),
        ("39130000", "Mobilier pour l'extension de l'école", ContractType.SUPPLIES, "cpv_division"),
        ("99999999", "Acquisition de mobilier", None, None),
    ],
)
def test_the_type_is_that_of_the_code_and_left_open_where_the_object_names_only_works(
    cpv: str, title: str, kind: ContractType | None, origin: str | None
) -> None:
    read = contract(record(codeCPV=cpv, objet=title))
    assert read.contract_type is kind
    assert dict(read.origins).get("contract_type") == origin


def test_the_general_terms_of_works_speak_against_a_cpv_of_services() -> None:
    read = contract(record(codeCPV="90911000", objet="Nettoyage", ccag="Travaux"))
    assert read.contract_type is None
    assert dict(read.origins)["contract_type"] == "cpv_against_general_terms"


@pytest.mark.parametrize(
    ("siret", "title", "kind"),
    [
        ("21590163800019", "Acquisition de mobilier", BuyerKind.COMMUNE),
        ("22210001800011", "Acquisition de mobilier", BuyerKind.DEPARTMENT),
        ("20006605800013", "Acquisition de mobilier", BuyerKind.OTHER_LOCAL),
        ("79695003800011", "Acquisition de mobilier", None),
        ("13001898900017", "Acquisition de mobilier", None),
        ("21590163800019", "Pompes pour la régie de l'eau potable", None),
    ],
)
def test_the_kind_of_buyer_is_left_open_for_network_activities(siret: str, title: str, kind: BuyerKind | None) -> None:
    assert contract(record(acheteur={"id": siret}, objet=title)).buyer_kind is kind


def test_the_day_of_publication_stands_in_for_a_missing_or_impossible_notification() -> None:
    read = contract(record(dateNotification="0218-03-15"))
    assert str(read.notified_on) == "2021-04-01"
    assert dict(read.origins)["launched_on"] == "data_publication_not_launch"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, RefusalReason.NOT_A_RECORD),
        ("texte", RefusalReason.NOT_A_RECORD),
        ([1, 2], RefusalReason.NOT_A_RECORD),
        ({}, RefusalReason.NO_BUYER),
        (record(acheteur=None), RefusalReason.NO_BUYER),
        (record(acheteur={"id": "MQ", "nom": "NC"}), RefusalReason.NO_BUYER),
        (record(dateNotification=None, datePublicationDonnees=None), RefusalReason.NO_DATE),
        (record(nature="Concession de travaux"), RefusalReason.CONCESSION),
        (record(nature="DELEGATION DE SERVICE PUBLIC"), RefusalReason.CONCESSION),
        (record(_type="Contrat de concession"), RefusalReason.CONCESSION),
    ],
)
def test_refusals_have_a_reason(raw: Any, reason: RefusalReason) -> None:
    assert refusal(raw, source="f", position=3) == read_record(raw, "f", 3)
    assert refusal(raw).reason is reason


def test_the_list_of_concessions_is_refused() -> None:
    assert refusal(record(), container="contrat-concession").reason is RefusalReason.CONCESSION


def test_the_innovative_character_is_taken_from_the_buyer_only() -> None:
    assert contract(record(marcheInnovant="oui")).innovative is True
    assert contract(record(marcheInnovant=False)).innovative is False
    assert contract(record(marcheInnovant="test")).innovative is None
    assert contract(record(objet="Solution très innovante")).innovative is None


KEYS = st.sampled_from(
    [*record(procedure=OPEN), "acheteur_id", "uid", "type", "ccag", "techniques", "marcheInnovant", "codecpv"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2021-03-15", "MQ", "45000000", "oui", "Marché", "1e11", "21590163800019", ADAPTED]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "nom", "technique"]), inner),
    max_leaves=4,
)


@given(st.dictionaries(KEYS, VALUES))
def test_every_record_is_a_contract_or_a_refusal_and_every_contract_a_purchase(changes: dict[str, Any]) -> None:
    for raw in (changes, record(**changes)):
        read = read_record(raw)
        if isinstance(read, PublishedContract):
            assert read.purchase.launched_on == read.notified_on
            assert read.siren
