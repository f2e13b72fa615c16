"""Writers that get something wrong."""

from scheduler.integrations import Brief, Written
from scheduler.integrations.template import TemplateWriter


class Careless(TemplateWriter):
    """A writer that forgets a placeholder."""

    name = "careless"

    def write(self, brief: Brief) -> Written:
        return Written("Hello", f"Hello {brief.contact_name}, it is [your name].", self.name)
