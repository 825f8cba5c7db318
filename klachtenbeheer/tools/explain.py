"""One sentence, Dutch or English, from the explanation data of a deadline (design.md 4.3).

The sentence is built from the same parts in both languages; the words are in _NL and _EN:

    <length> after <event> on <date>, <what is not counted>[; days skipped][; why the end moved]:
    no later than <date>[, extended …][; notices that came too late].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .workdays import DECREE, ORGANISATION, SATURDAY, STATUTORY, STATUTORY_DAYS

# {event code: (Dutch, English)}, each to be read after "na" / "after". An event that is a letter
# counts from the day on which it is received.
EVENT_NAMES = {
    "received": ("de ontvangst", "receipt"),
    "forwarded": ("de overdracht van de klacht", "the handover of the complaint"),
    "acknowledged": ("de ontvangst van de bevestiging", "receipt of the acknowledgement"),
    "formalised": ("de formele registratie", "formal registration"),
    "taken_up": ("het in behandeling nemen", "the start of the handling"),
    "contacted": ("het contact met de klager", "contact with the complainant"),
    "delay_notified": ("de ontvangst van het bericht van uitstel", "receipt of the delay notice"),
    "answered": ("de ontvangst van het antwoord", "receipt of the answer"),
    "decided": ("de ontvangst van de beslissing", "receipt of the decision"),
    "objected": ("de ontvangst van het bezwaar", "receipt of the objection"),
    "hearing_offered": ("de ontvangst van de uitnodiging", "receipt of the invitation"),
    "hearing_waived": ("het afzien van een gesprek", "the waiver of the hearing"),
    "hearing_held": ("het gesprek", "the hearing"),
    "settled": ("de afspraak over de oplossing", "the settlement"),
    "final_decided": ("de ontvangst van de eindbeslissing", "receipt of the final decision"),
    "referral_requested": ("het verzoek om doorverwijzing", "the request for referral"),
    "referred": ("de doorverwijzing", "the referral"),
    "external_admitted": ("de toelating door de externe instantie", "external admission"),
    "measures_communicated": (
        "de ontvangst van het bericht over de maatregelen",
        "receipt of the message about the measures",
    ),
    "resolved_informally": ("de informele oplossing", "the informal resolution"),
    "remedied": ("het herstel", "the remedy"),
    "withdrawn": ("de intrekking", "the withdrawal"),
    "out_of_scope": ("het besluit over de reikwijdte", "the decision on scope"),
    "lapsed": ("het verlopen van de termijn", "the lapse of the term"),
    "closed": ("de afsluiting", "the closure"),
    "reopened": ("de heropening", "the reopening"),
}
LETTERS_WORD_LIMIT = 20  # up to here, and for tens, a number is written as a word


@dataclass(frozen=True)
class _Words:
    """The words of one language. Numbers only open a sentence, so they have their capital."""

    index: int  # of this language in EVENT_NAMES
    weekdays: Sequence[str]
    months: Sequence[str]
    numbers: Sequence[str]
    tens: Sequence[str]  # thirty and up
    units: Mapping[str, tuple[str, str]]
    days: Mapping[str, str]
    unnamed: Mapping[str, str]
    weekend: tuple[str, str]
    conjunction: str
    date: str
    same_day: str
    lead: str
    on: str
    start_not_counted: Mapping[bool, str]
    first_workday: str
    not_counted: tuple[str, str]
    end_later: str
    end_earlier: str
    due: str
    extended: str
    informed: str
    late: tuple[str, str]


_NL = _Words(
    index=0,
    weekdays="maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split(),
    months=(
        "januari februari maart april mei juni juli augustus september oktober november december"
    ).split(),
    numbers=(
        "Nul Eén Twee Drie Vier Vijf Zes Zeven Acht Negen Tien Elf Twaalf Dertien Veertien "
        "Vijftien Zestien Zeventien Achttien Negentien Twintig"
    ).split(),
    tens="Dertig Veertig Vijftig Zestig Zeventig Tachtig Negentig".split(),
    units={
        "workday": ("werkdag", "werkdagen"),
        "day": ("dag", "dagen"),
        "week": ("week", "weken"),
        "month": ("maand", "maanden"),
    },
    days=dict(
        zip(
            STATUTORY_DAYS,
            (
                "Nieuwjaarsdag",
                "Goede Vrijdag",
                "Tweede Paasdag",
                "Koningsdag",
                "Bevrijdingsdag",
                "Hemelvaartsdag",
                "Tweede Pinksterdag",
                "Eerste Kerstdag",
                "Tweede Kerstdag",
            ),
            strict=True,
        )
    ),
    unnamed={DECREE: "de dag uit het koninklijk besluit", ORGANISATION: "de sluitingsdag"},
    weekend=("het weekend", "weekenden"),
    conjunction="en",
    date="{weekday} {day} {month} {year}",
    same_day="Op dezelfde dag als {event}",
    lead="{length} na {event}",
    on=" op {date}",
    start_not_counted={
        True: ", de dag van ontvangst niet meegeteld",
        False: ", die dag niet meegeteld",
    },
    first_workday=", geteld vanaf de eerste werkdag, {date}, want {days}",
    not_counted=("{days} telt niet mee", "{days} tellen niet mee"),
    end_later="; het einde op {date} schuift door naar de eerste werkdag daarna, want {days}",
    end_earlier="; het einde op {date} schuift terug naar de laatste werkdag ervoor, want {days}",
    due=": uiterlijk {date}",
    extended="op {notified} tot en met {date}",
    informed=", verlengd {extensions}, met bericht aan de klager",
    late=(
        "; het bericht van uitstel van {dates} kwam te laat en verlengt de termijn niet",
        "; de berichten van uitstel van {dates} kwamen te laat en verlengen de termijn niet",
    ),
)

_EN = _Words(
    index=1,
    weekdays="Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    months=(
        "January February March April May June July August September October November December"
    ).split(),
    numbers=(
        "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen "
        "Fifteen Sixteen Seventeen Eighteen Nineteen Twenty"
    ).split(),
    tens="Thirty Forty Fifty Sixty Seventy Eighty Ninety".split(),
    units={
        "workday": ("working day", "working days"),
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
    },
    days=dict(
        zip(
            STATUTORY_DAYS,
            (
                "New Year's Day",
                "Good Friday",
                "Easter Monday",
                "King's Day",
                "Liberation Day",
                "Ascension Day",
                "Whit Monday",
                "Christmas Day",
                "Boxing Day",
            ),
            strict=True,
        )
    ),
    unnamed={DECREE: "the day set by royal decree", ORGANISATION: "the closing day"},
    weekend=("the weekend", "weekends"),
    conjunction="and",
    date="{weekday} {day} {month} {year}",
    same_day="On the same day as {event}",
    lead="{length} after {event}",
    on=" on {date}",
    start_not_counted={
        True: ", not counting the day of receipt",
        False: ", not counting that day",
    },
    first_workday=", counted from the first working day, {date}, because {days}",
    not_counted=("{days} does not count", "{days} do not count"),
    end_later="; the end on {date} moves to the first working day after it, because {days}",
    end_earlier="; the end on {date} moves back to the last working day before it, because {days}",
    due=": no later than {date}",
    extended="on {notified} until {date} inclusive",
    informed=", extended {extensions}, with notice to the complainant",
    late=(
        "; the delay notice of {dates} came too late and does not extend the term",
        "; the delay notices of {dates} came too late and do not extend the term",
    ),
)


def explain(explanation: Mapping, lang: str, labels: Mapping[str, str] | None = None) -> str:
    """The explanation data of a deadline as one sentence.

    :param explanation: `Deadline.explanation`, also after a round trip through JSON
    :param lang: a language code; 'nl', 'nl_NL', 'nl_BE'… give Dutch, anything else English
    :param labels: {event code: words that read well after "na" or "after"}; they take precedence
        over EVENT_NAMES, so pass them only for an organisation's own events
    """
    words = _NL if (lang or "").lower().startswith("nl") else _EN
    return _Sentence(explanation, words, labels or {}).text()


class _Sentence:
    """The parts of one sentence; each method gives one part, empty where it does not apply."""

    def __init__(self, data: Mapping, words: _Words, labels: Mapping[str, str]) -> None:
        self.data = data
        self.words = words
        self.labels = labels
        self.started = date.fromisoformat(data["started_on"])
        self.counted = date.fromisoformat(data["counted_from"])
        self.due = date.fromisoformat(data["first_due_on"])
        self.end = date.fromisoformat(data["moved_from"] or data["first_due_on"])

    def text(self) -> str:
        parts = (self.lead(), self.start(), self.count(), self.move(), self.last_day())
        return "".join((*parts, self.extensions(), self.late_notices(), "."))

    def lead(self) -> str:
        event = self.event()
        if self.data["amount"]:
            text = self.words.lead.format(length=self.length(), event=event)
        else:
            text = self.words.same_day.format(event=event)
            if self.started == self.due:
                return text
        return text + self.words.on.format(date=self.day(self.started))

    def start(self) -> str:
        """Which day is day 0: the first werkdag, or the day of the event itself."""
        if self.counted != self.started:
            days = self.closed(self.started, self.counted - timedelta(days=1))
            return self.words.first_workday.format(date=self.day(self.counted), days=days)
        if not self.data["amount"]:
            return ""
        plain_receipt = "received" not in self.labels and self.data["start_event"] == "received"
        return self.words.start_not_counted[plain_receipt]

    def count(self) -> str:
        """The days that were passed over while counting werkdagen."""
        if self.data["unit"] != "workday":
            return ""
        one = timedelta(days=1)
        days = self.closed(self.counted + one, self.end - one)
        return f"; {days}" if days else ""

    def move(self) -> str:
        """Why the end of the term moved to another day."""
        one = timedelta(days=1)
        if self.end < self.due:
            days = self.closed(self.end, self.due - one)
            return self.words.end_later.format(date=self.day(self.end), days=days)
        if self.end > self.due:
            days = self.closed(self.due + one, self.end)
            return self.words.end_earlier.format(date=self.day(self.end), days=days)
        return ""

    def last_day(self) -> str:
        return self.words.due.format(date=self.day(self.due))

    def extensions(self) -> str:
        items = [
            self.words.extended.format(
                notified=self.day(date.fromisoformat(notice["notified_on"])),
                date=self.day(date.fromisoformat(notice["to"])),
            )
            for notice in self.data["extensions"]
        ]
        return self.words.informed.format(extensions=self.listing(items)) if items else ""

    def late_notices(self) -> str:
        dates = [date.fromisoformat(item["notified_on"]) for item in self.data["late_notices"]]
        if not dates:
            return ""
        template = self.words.late[len(dates) > 1]
        return template.format(dates=self.listing([self.day(day) for day in dates]))

    def event(self) -> str:
        code = self.data["start_event"]
        if code in self.labels:
            return self.labels[code]
        names = EVENT_NAMES.get(code)
        return names[self.words.index] if names else code.replace("_", " ")

    def length(self) -> str:
        amount = self.data["amount"]
        return f"{self.number(amount)} {self.words.units[self.data['unit']][amount != 1]}"

    def number(self, amount: int) -> str:
        if amount <= LETTERS_WORD_LIMIT:
            return self.words.numbers[amount]
        if amount % 10 == 0 and amount < 100:
            return self.words.tens[amount // 10 - 3]
        return str(amount)

    def day(self, day: date) -> str:
        return self.words.date.format(
            weekday=self.words.weekdays[day.weekday()],
            day=day.day,
            month=self.words.months[day.month - 1],
            year=day.year,
        )

    def closed(self, first: date, last: date) -> str:
        """'weekends, Good Friday (3 April) … do not count' for the days from first to last."""
        names = [
            self.closed_name(item)
            for item in self.data["skipped"]
            if first <= date.fromisoformat(item["date"]) <= last
        ]
        weekend_days = _weekend_days(first, last)
        if weekend_days:
            names.insert(0, self.words.weekend[weekend_days > 2])
        if not names:
            return ""
        plural = len(names) > 1 or weekend_days > 2
        return self.words.not_counted[plural].format(days=self.listing(names))

    def closed_name(self, item: Mapping) -> str:
        day = date.fromisoformat(item["date"])
        if item["kind"] == STATUTORY:
            name = self.words.days[item["name"]]
        else:
            name = item["name"] or self.words.unnamed[item["kind"]]
        return f"{name} ({day.day} {self.words.months[day.month - 1]})"

    def listing(self, items: Sequence[str]) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.words.conjunction} {items[-1]}"


def _weekend_days(first: date, last: date) -> int:
    """The number of Saturdays and Sundays from `first` up to and including `last`."""
    days = (last - first).days + 1
    return sum((first + timedelta(days=n)).weekday() >= SATURDAY for n in range(days))
