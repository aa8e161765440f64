"""The question page: one file for a browser, with the compiled table and a small evaluator in it."""

from qmi_rules.question_page.making import PageOptions, page_html, page_script, pages, write_page

__all__ = ["PageOptions", "page_html", "page_script", "pages", "write_page"]
