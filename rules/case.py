"""A case (待查申请): one form, the law, the library's facts and the day, as every judging function takes them."""

from dataclasses import dataclass
from datetime import date

from rules.form import FilingForm
from rules.law import Law
from rules.library import Library


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged, and by what. `province` is the subject's province code, None while its division is unknown."""

    form: FilingForm
    law: Law
    library: Library
    today: date

    @property
    def province(self) -> str | None:
        """The code of the province where the subject is (备案地)."""
        province = self.law.codes.province_of(self.form.subject.division)
        return None if province is None else province.code

    @property
    def individual(self) -> bool | None:
        """Whether the organiser is a person; None while its unit nature is unknown."""
        return self.law.codes.is_individual(self.form.subject.unit_nature)
