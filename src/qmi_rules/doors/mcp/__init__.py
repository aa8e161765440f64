"""The library as tools of an assistant, over the Model Context Protocol (extra ``mcp``): read-only, short answers, a question where a day lacks."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.doors.mcp.server import make_server, serve_http, serve_stdio
    from qmi_rules.doors.mcp.tools import TOOLS, AssistantTool, Reply, call

__getattr__ = loaded_when_used(
    __name__, {"server": "make_server serve_http serve_stdio", "tools": "TOOLS AssistantTool Reply call"}
)

__all__ = ["TOOLS", "AssistantTool", "Reply", "call", "make_server", "serve_http", "serve_stdio"]
