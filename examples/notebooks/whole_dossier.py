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
# # Un dossier entier
# Le dossier d'exemple (montants, dates et réponses imaginés) : comment acheter, quand, avec quelles aides, et ce qui reste ouvert.

# %%
from pathlib import Path

from qmi_rules import Dossier, brief, from_json

here = Path(globals().get("__file__", "examples/notebooks/whole_dossier.py")).resolve().parent
dossier = from_json((here.parent / "dossier-pelican-cycles.json").read_text("utf-8"), Dossier)
briefing = brief(dossier)
briefing

# %%
briefing.decision.written("innovative_purchase")

# %%
briefing.calendar

# %%
briefing.funding

# %%
briefing.scorecards["replicability"]

# %%
briefing.review
