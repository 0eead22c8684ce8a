"""The agency's own forms, workbooks and Word files with marks such as {{ho_ten}}: checked, filled. No people here."""

from bot.forms.checking import Form, check
from bot.forms.filling import fill
from bot.forms.marks import Row, Unknown, Values

__all__ = ["Form", "Row", "Unknown", "Values", "check", "fill"]
