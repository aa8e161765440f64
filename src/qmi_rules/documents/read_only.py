"""Where mappings that cannot be changed used to stand."""

from qmi_rules.read_only import ReadOnlyDict as ReadOnlyDict
from qmi_rules.read_only import to_read_only as to_read_only
