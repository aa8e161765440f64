"""Published contract data (DECP): read in every shape, each record typed or refused with its reason, and audited.

Needs no extra: JSON, XML and CSV are read with the standard library, as streams.
"""

from qmi_rules.decp.audit import Audit, audit, audit_files, audit_rows, read_records, to_csv, to_html, write_json
from qmi_rules.decp.grouping import ContractGroup, group_records
from qmi_rules.decp.reading import Progress
from qmi_rules.decp.reasons import Reason, Verdict
from qmi_rules.decp.records import PublishedContract, Refusal, RefusalReason, read_record
from qmi_rules.decp.results import Result, Results
from qmi_rules.decp.values import Nature, Published

__all__ = [
    "Audit",
    "ContractGroup",
    "Nature",
    "Progress",
    "Published",
    "PublishedContract",
    "Reason",
    "Refusal",
    "RefusalReason",
    "Result",
    "Results",
    "Verdict",
    "audit",
    "audit_files",
    "audit_rows",
    "group_records",
    "read_record",
    "read_records",
    "to_csv",
    "to_html",
    "write_json",
]
