# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Une première décision
# Comment acheter des capteurs de qualité de l'air, un jour donné ? Chaque résultat se montre de lui-même dans le carnet.

# %%
from datetime import date

from qmi_rules import Buyer, Purchase, decide

sensors = Purchase(
    title="Capteurs de qualité de l'air",
    contract_type="services",
    estimated_value=85_000,
    launched_on=date(2026, 5, 15),
    buyer=Buyer(kind="commune", insee_code="93051"),
)
decision = decide(sensors)
decision

# %% [markdown]
# Ce qui n'est pas rempli n'est jamais « non » : la réponse dit ce qu'elle attend, le plus décisif d'abord.

# %%
decision.missing

# %%
innovative = decide(sensors.evolve(innovative=True))
innovative["innovative_purchase"].status

# %% [markdown]
# Le jour décide du droit applicable. Depuis le 1er juillet 2026 les sources ne s'accordent pas sur le seuil des achats innovants.

# %%
{
    str(day): decide(sensors.evolve(innovative=True, estimated_value=120_000, launched_on=day))[
        "innovative_purchase"
    ].status
    for day in (date(2026, 6, 30), date(2026, 7, 1))
}
