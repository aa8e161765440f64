"""The plan of a purchase: its laws on many purchases, its steps, its limits, and why a wish is impossible."""

from datetime import date, timedelta
from itertools import pairwise
from pickle import dumps, loads

import pytest
from attrs import evolve
from conftest_calendar import Check
from hypothesis import given, settings
from hypothesis import strategies as st

from qmi_rules.budget_calendar import CalendarCheck, check_calendar, first_daytime_limit, standstill_ends
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.commune import Commune
from qmi_rules.contexts.schedule import Schedule, StepId
from qmi_rules.documents import from_json, to_json
