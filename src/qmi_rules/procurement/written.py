"""What the buyer must write down and keep, for one procedure: a list that can be printed."""

from attrs import frozen

from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.options import Option
from qmi_rules.procurement.sentences import duty_line
from qmi_rules.text import Explained, Heading, Items, Language, Page, Paragraph


@frozen(kw_only=True)
class WrittenList(Explained):
    """The duties of an option that leave something written.

    Attributes:
        title: What is bought.
        option: The procedure.
    """

    title: str
    option: Option

    @property
    def duties(self) -> tuple[DutyOwed, ...]:
        """The duties that leave something that must be written down and kept."""
        return tuple(duty for duty in self.option.duties if duty.written)

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.procurement.documents import WrittenListDocument

        return WrittenListDocument

    def as_document(self) -> dict[str, object]:
        """The list as plain data."""
        return {
            "title": self.title,
            "procedure": self.option.procedure,
            "duties": [duty.as_document() for duty in self.duties],
        }

    def page(self, say: Language) -> Page:
        """The list to tick, print and put in the file."""
        lines = [duty_line(say, duty) for duty in self.duties]
        return Page(
            say.code,
            (
                Heading(say("À écrire et à garder : {title}", title=self.title), 1),
                Paragraph(say(self.option.label)),
                Items(lines or [say("rien de plus que ce que la commune s'est prescrit")], "check" if lines else ""),
            ),
        )
