"""From plain data to objects and back; the converter, and cattrs with it, is loaded where the quick way cannot read, or something is written."""

from typing import Any, TypeVar

from qmi_rules.errors import DocumentError
from qmi_rules.schema.fields import is_result, without_format
from qmi_rules.schema.quick import quick_reader

T = TypeVar("T")


def structure(data: Any, cls: type[T], where: str = "") -> T:
    """Turn plain data that somebody wrote into an object of `cls`: an unknown key is a fault.

    Args:
        data: What `json.loads` or `tomllib.load` gives: decimals as strings or ints, dates as ISO strings or dates.
        cls: A frozen attrs class of the library.
        where: The file the data came from, for the messages.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    if type(data) is dict and "format" in data and isinstance(cls, type):
        try:
            data = without_format(data, cls)
        except DocumentError as error:
            raise DocumentError(error.problems, where) from None
    if type(data) is dict and (read := quick_reader(cls)) is not None:  # type: ignore[arg-type]
        try:
            return read(data)  # type: ignore[no-any-return]
        except Exception:  # the converter finds out what is wrong, or reads what the quick way cannot
            pass
    from qmi_rules.schema.converter import converted  # a fresh process that decides once starts without cattrs

    return converted(data, cls, where)


def read_document(data: Any, cls: type[T], where: str = "") -> T:
    """Turn a document into an object of `cls`: `structure`, and of a result unknown keys are those of a later version.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    if isinstance(cls, type) and is_result(cls):
        from qmi_rules.schema.stored import read_result

        return read_result(data, cls, where)  # type: ignore[no-any-return]
    return structure(data, cls, where)


def unstructure(value: object) -> Any:
    """Turn an object of the library, or a part of one that is being written, into plain data: dicts, lists, strings, ints, booleans, None."""
    from qmi_rules.schema.converter import converter

    return converter().unstructure(value)
