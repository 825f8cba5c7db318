"""Golden sentences, Dutch and English."""

import json

import pytest
from klachtenbeheer_tools import EVENT_NAMES, ClosedDay, Event, WorkCalendar, explain, project
from unit_helpers import BA, KK, PLAIN, SB, WITH_DECREE, ba, day, term

ACK, ANSWER, OBJECT, WEEK = BA[1], BA[2], BA[3], BA[4]
FORWARD = BA[0]
DECIDE = SB[1]
FIVE = term(5, "workday")


def data(one, started, *events, calendar=PLAIN):
    start = Event(one.start, day(started))
    return project([one], [start, *events], calendar)[0].explanation


def notice(sent, promised):
    return Event("delay_notified", day(sent), promised=day(promised))


CASES = {
    "workdays over Easter": (
        data(ACK, "do 2026-04-02"),
        "Vijf werkdagen na de ontvangst op donderdag 2 april 2026, de dag van ontvangst niet "
        "meegeteld; weekenden, Goede Vrijdag (3 april) en Tweede Paasdag (6 april) tellen niet "
        "mee: uiterlijk maandag 13 april 2026.",
        "Five working days after receipt on Thursday 2 April 2026, not counting the day of "
        "receipt; weekends, Good Friday (3 April) and Easter Monday (6 April) do not count: no "
        "later than Monday 13 April 2026.",
    ),
    "workdays over one weekend": (
        data(ACK, "wo 2026-07-08"),
        "Vijf werkdagen na de ontvangst op woensdag 8 juli 2026, de dag van ontvangst niet "
        "meegeteld; het weekend telt niet mee: uiterlijk woensdag 15 juli 2026.",
        "Five working days after receipt on Wednesday 8 July 2026, not counting the day of "
        "receipt; the weekend does not count: no later than Wednesday 15 July 2026.",
    ),
    "workdays within a week": (
        data(term(2, "workday"), "ma 2026-07-06"),
        "Twee werkdagen na de ontvangst op maandag 6 juli 2026, de dag van ontvangst niet "
        "meegeteld: uiterlijk woensdag 8 juli 2026.",
        "Two working days after receipt on Monday 6 July 2026, not counting the day of receipt: "
        "no later than Wednesday 8 July 2026.",
    ),
    "workdays over a holiday only": (
        data(term(1, "workday", start="formalised"), "ma 2026-05-04"),
        "Eén werkdag na de formele registratie op maandag 4 mei 2026, die dag niet meegeteld; "
        "Bevrijdingsdag (5 mei) telt niet mee: uiterlijk woensdag 6 mei 2026.",
        "One working day after formal registration on Monday 4 May 2026, not counting that day; "
        "Liberation Day (5 May) does not count: no later than Wednesday 6 May 2026.",
    ),
    "workdays with a decree day": (
        data(ACK, "wo 2026-05-13", calendar=WITH_DECREE),
        "Vijf werkdagen na de ontvangst op woensdag 13 mei 2026, de dag van ontvangst niet "
        "meegeteld; het weekend, Hemelvaartsdag (14 mei) en brugdag (15 mei) tellen niet mee: "
        "uiterlijk vrijdag 22 mei 2026.",
        "Five working days after receipt on Wednesday 13 May 2026, not counting the day of "
        "receipt; the weekend, Ascension Day (14 May) and brugdag (15 May) do not count: no "
        "later than Friday 22 May 2026.",
    ),
    "calendar days": (
        data(KK[1], "do 2026-04-02"),
        "Dertig dagen na de ontvangst op donderdag 2 april 2026, de dag van ontvangst niet "
        "meegeteld: uiterlijk zaterdag 2 mei 2026.",
        "Thirty days after receipt on Thursday 2 April 2026, not counting the day of receipt: no "
        "later than Saturday 2 May 2026.",
    ),
    "weeks from the first werkdag": (
        data(ANSWER, "vr 2026-04-03"),
        "Drie weken na de ontvangst op vrijdag 3 april 2026, geteld vanaf de eerste werkdag, "
        "dinsdag 7 april 2026, want het weekend, Goede Vrijdag (3 april) en Tweede Paasdag (6 "
        "april) tellen niet mee: uiterlijk dinsdag 28 april 2026.",
        "Three weeks after receipt on Friday 3 April 2026, counted from the first working day, "
        "Tuesday 7 April 2026, because the weekend, Good Friday (3 April) and Easter Monday (6 "
        "April) do not count: no later than Tuesday 28 April 2026.",
    ),
    "weeks from a Saturday": (
        data(ANSWER, "za 2026-01-31"),
        "Drie weken na de ontvangst op zaterdag 31 januari 2026, geteld vanaf de eerste werkdag, "
        "maandag 2 februari 2026, want het weekend telt niet mee: uiterlijk maandag 23 februari "
        "2026.",
        "Three weeks after receipt on Saturday 31 January 2026, counted from the first working "
        "day, Monday 2 February 2026, because the weekend does not count: no later than Monday "
        "23 February 2026.",
    ),
    "one week": (
        data(WEEK, "vr 2026-05-22"),
        "Eén week na de ontvangst van het bezwaar op vrijdag 22 mei 2026, die dag niet "
        "meegeteld: uiterlijk vrijdag 29 mei 2026.",
        "One week after receipt of the objection on Friday 22 May 2026, not counting that day: "
        "no later than Friday 29 May 2026.",
    ),
    "one month, end moved over Pentecost": (
        data(OBJECT, "do 2026-04-23"),
        "Eén maand na de ontvangst van het antwoord op donderdag 23 april 2026, die dag niet "
        "meegeteld; het einde op zaterdag 23 mei 2026 schuift door naar de eerste werkdag daarna, "
        "want het weekend en Tweede Pinksterdag (25 mei) tellen niet mee: uiterlijk dinsdag 26 "
        "mei 2026.",
        "One month after receipt of the answer on Thursday 23 April 2026, not counting that day; "
        "the end on Saturday 23 May 2026 moves to the first working day after it, because the "
        "weekend and Whit Monday (25 May) do not count: no later than Tuesday 26 May 2026.",
    ),
    "start and end both moved": (
        data(ba(1, "month", end_rule="next_workday"), "di 2026-05-05"),
        "Eén maand na de ontvangst op dinsdag 5 mei 2026, geteld vanaf de eerste werkdag, "
        "woensdag 6 mei 2026, want Bevrijdingsdag (5 mei) telt niet mee; het einde op zaterdag 6 "
        "juni 2026 schuift door naar de eerste werkdag daarna, want het weekend telt niet mee: "
        "uiterlijk maandag 8 juni 2026.",
        "One month after receipt on Tuesday 5 May 2026, counted from the first working day, "
        "Wednesday 6 May 2026, because Liberation Day (5 May) does not count; the end on "
        "Saturday 6 June 2026 moves to the first working day after it, because the weekend does "
        "not count: no later than Monday 8 June 2026.",
    ),
    "end moved back": (
        data(term(2, "week", end_rule="previous_workday"), "do 2026-04-30"),
        "Twee weken na de ontvangst op donderdag 30 april 2026, de dag van ontvangst niet "
        "meegeteld; het einde op donderdag 14 mei 2026 schuift terug naar de laatste werkdag "
        "ervoor, want Hemelvaartsdag (14 mei) telt niet mee: uiterlijk woensdag 13 mei 2026.",
        "Two weeks after receipt on Thursday 30 April 2026, not counting the day of receipt; the "
        "end on Thursday 14 May 2026 moves back to the last working day before it, because "
        "Ascension Day (14 May) does not count: no later than Wednesday 13 May 2026.",
    ),
    "the same day": (
        data(FORWARD, "za 2026-01-31"),
        "Op dezelfde dag als de ontvangst: uiterlijk zaterdag 31 januari 2026.",
        "On the same day as receipt: no later than Saturday 31 January 2026.",
    ),
    "the same day, moved": (
        data(term(0, "day", end_rule="next_workday"), "za 2026-01-31"),
        "Op dezelfde dag als de ontvangst op zaterdag 31 januari 2026; het einde op zaterdag 31 "
        "januari 2026 schuift door naar de eerste werkdag daarna, want het weekend telt niet mee: "
        "uiterlijk maandag 2 februari 2026.",
        "On the same day as receipt on Saturday 31 January 2026; the end on Saturday 31 January "
        "2026 moves to the first working day after it, because the weekend does not count: no "
        "later than Monday 2 February 2026.",
    ),
    "extended": (
        data(DECIDE, "ma 2026-05-18", notice("wo 2026-06-10", "ma 2026-06-29")),
        "Vier weken na de formele registratie op maandag 18 mei 2026, die dag niet meegeteld: "
        "uiterlijk maandag 15 juni 2026, verlengd op woensdag 10 juni 2026 tot en met maandag 29 "
        "juni 2026, met bericht aan de klager.",
        "Four weeks after formal registration on Monday 18 May 2026, not counting that day: no "
        "later than Monday 15 June 2026, extended on Wednesday 10 June 2026 until Monday 29 June "
        "2026 inclusive, with notice to the complainant.",
    ),
    "extended twice, then too late": (
        data(
            DECIDE,
            "ma 2026-05-18",
            notice("2026-06-10", "2026-06-22"),
            notice("2026-06-22", "2026-06-29"),
            notice("2026-07-01", "2026-07-10"),
        ),
        "Vier weken na de formele registratie op maandag 18 mei 2026, die dag niet meegeteld: "
        "uiterlijk maandag 15 juni 2026, verlengd op woensdag 10 juni 2026 tot en met maandag 22 "
        "juni 2026 en op maandag 22 juni 2026 tot en met maandag 29 juni 2026, met bericht aan "
        "de klager; het bericht van uitstel van woensdag 1 juli 2026 kwam te laat en verlengt de "
        "termijn niet.",
        "Four weeks after formal registration on Monday 18 May 2026, not counting that day: no "
        "later than Monday 15 June 2026, extended on Wednesday 10 June 2026 until Monday 22 June "
        "2026 inclusive and on Monday 22 June 2026 until Monday 29 June 2026 inclusive, with "
        "notice to the complainant; the delay notice of Wednesday 1 July 2026 came too late and "
        "does not extend the term.",
    ),
    "two notices too late": (
        data(
            DECIDE,
            "ma 2026-05-18",
            notice("2026-06-16", "2026-06-29"),
            notice("2026-06-17", "2026-06-29"),
        ),
        "Vier weken na de formele registratie op maandag 18 mei 2026, die dag niet meegeteld: "
        "uiterlijk maandag 15 juni 2026; de berichten van uitstel van dinsdag 16 juni 2026 en "
        "woensdag 17 juni 2026 kwamen te laat en verlengen de termijn niet.",
        "Four weeks after formal registration on Monday 18 May 2026, not counting that day: no "
        "later than Monday 15 June 2026; the delay notices of Tuesday 16 June 2026 and Wednesday "
        "17 June 2026 came too late and do not extend the term.",
    ),
}


@pytest.mark.parametrize(("facts", "dutch", "english"), CASES.values(), ids=CASES)
def test_sentence(facts, dutch, english):
    stored = json.loads(json.dumps(facts))
    assert explain(stored, "nl_NL") == dutch
    assert explain(stored, "en_US") == english


@pytest.mark.parametrize(
    ("lang", "first_word"),
    [
        ("nl", "Vijf"),
        ("nl_BE", "Vijf"),
        ("nl-NL", "Vijf"),
        ("NL", "Vijf"),
        ("en_GB", "Five"),
        ("de_DE", "Five"),
        ("", "Five"),
        (None, "Five"),
    ],
)
def test_dutch_or_else_english(lang, first_word):
    assert explain(data(ACK, "do 2026-04-02"), lang).split()[0] == first_word


@pytest.mark.parametrize(
    ("received", "amount", "weekend"),
    [
        ("za 2026-01-31", 5, "het weekend telt"),  # the Sunday
        ("za 2026-01-31", 6, "weekenden tellen"),  # the Sunday and the next weekend
        ("vr 2026-01-30", 5, "het weekend telt"),
        ("vr 2026-01-30", 6, "weekenden tellen"),
    ],
)
def test_one_weekend_or_more(received, amount, weekend):
    assert f"; {weekend} niet mee:" in explain(data(term(amount, "workday"), received), "nl")


@pytest.mark.parametrize(
    ("amount", "dutch", "english"),
    [
        (1, "Eén dag", "One day"),
        (14, "Veertien dagen", "Fourteen days"),
        (20, "Twintig dagen", "Twenty days"),
        (21, "21 dagen", "21 days"),
        (30, "Dertig dagen", "Thirty days"),
        (90, "Negentig dagen", "Ninety days"),
        (100, "100 dagen", "100 days"),
    ],
)
def test_numbers(amount, dutch, english):
    facts = data(term(amount, "day"), "do 2026-04-02")
    assert explain(facts, "nl").startswith(f"{dutch} na ")
    assert explain(facts, "en").startswith(f"{english} after ")


@pytest.mark.parametrize(
    ("kind", "dutch", "english"),
    [
        ("decree", "de dag uit het koninklijk besluit (10 juli)", "the day set by royal decree"),
        ("organisation", "de sluitingsdag (10 juli)", "the closing day (10 July)"),
    ],
)
def test_a_closed_day_without_a_name(kind, dutch, english):
    calendar = WorkCalendar([ClosedDay(day("vr 2026-07-10"), kind)])
    facts = data(FIVE, "wo 2026-07-08", calendar=calendar)
    assert dutch in explain(facts, "nl") and english in explain(facts, "en")


def test_an_event_of_the_organisation_itself():
    facts = data(term(5, "day", start="board_informed"), "do 2026-04-02")
    assert "na board informed op donderdag" in explain(facts, "nl")
    assert "after board informed on Thursday" in explain(facts, "en")
    labels = {"board_informed": "het bericht aan het bestuur"}
    assert "na het bericht aan het bestuur op donderdag" in explain(facts, "nl", labels)


def test_a_label_takes_precedence():
    sentence = explain(data(ACK, "wo 2026-07-08"), "nl", labels={"received": "de binnenkomst"})
    assert "na de binnenkomst op woensdag 8 juli 2026, die dag niet meegeteld;" in sentence


DESIGN_EVENTS = (
    "received forwarded acknowledged formalised taken_up contacted delay_notified answered decided "
    "objected hearing_offered hearing_waived hearing_held settled final_decided referral_requested "
    "referred external_admitted measures_communicated resolved_informally remedied withdrawn "
    "out_of_scope lapsed closed reopened"
).split()


def test_every_event_of_design_md_has_words_in_both_languages():
    assert list(EVENT_NAMES) == DESIGN_EVENTS
    for dutch, english in EVENT_NAMES.values():
        assert dutch.startswith(("de ", "het ")) and english and "_" not in dutch + english
