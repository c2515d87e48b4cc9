"""Dates as readers see them, in the active language, and as HTML's `datetime` attribute."""

from __future__ import annotations

from decimal import Decimal

from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy

from timeline.edtf import Expression, HistoricalDate, Point, Side, neighbour, read

_MILLION, _BILLION = 10**6, 10**9

# Words before one date. Many languages need others before a decade or a century than before a year,
# and before what is counted back from now.
_WORDS: dict[str, dict[str, Promise]] = {
    "before": {
        "date": pgettext_lazy("date", "before %(date)s"),
        "span": pgettext_lazy("decade or century", "before %(date)s"),
        "ago": pgettext_lazy("years ago", "before %(date)s"),
    },
    "after": {
        "date": pgettext_lazy("date", "after %(date)s"),
        "span": pgettext_lazy("decade or century", "after %(date)s"),
        "ago": pgettext_lazy("years ago", "after %(date)s"),
    },
    "since": {
        "date": pgettext_lazy("date", "since %(date)s"),
        "span": pgettext_lazy("decade or century", "since %(date)s"),
        "ago": pgettext_lazy("years ago", "since %(date)s"),
    },
    "until": {
        "date": pgettext_lazy("date", "until %(date)s"),
        "span": pgettext_lazy("decade or century", "until %(date)s"),
        "ago": pgettext_lazy("years ago", "until %(date)s"),
    },
}


def show(edtf: str | HistoricalDate, *, short: bool = False) -> str:
    """A date in words: "12 June 2017", "1940s", "c. 44 BC", "1914–1918", "since 2012".

    `short` gives abbreviated months and "2012–" for open ends. Takes EDTF; raises DateError when it
    is not. In English `timeline.dates.parse` reads the answer back with the same bounds.
    """
    expression = read(edtf.edtf if isinstance(edtf, HistoricalDate) else edtf)
    if isinstance(expression.start, Point) and isinstance(expression.end, Point):
        if expression.kind == "date":
            return _point(expression.start, short)
        return _two_points(expression, expression.start, expression.end, short)
    return _one_point(expression, short)


def datetime_attribute(edtf: str | HistoricalDate) -> str | None:
    """The value of `<time datetime>`, or None where HTML has none.

    https://html.spec.whatwg.org/#the-time-element knows exact years from 1 on, months and days; no
    ranges, decades or seasons, and nothing that is only about right.
    """
    expression = read(edtf.edtf if isinstance(edtf, HistoricalDate) else edtf)
    point = expression.start
    if expression.kind != "date" or not isinstance(point, Point) or point.first_year < 1:
        return None
    if point.precision not in ("year", "month", "day") or point.circa or point.uncertain:
        return None
    parts = [f"{part:02d}" for part in (point.month, point.day) if part is not None]
    return "-".join([f"{point.first_year:04d}", *parts])


def _one_point(expression: Expression, short: bool) -> str:
    """Ranges of which one end is open or not known."""
    start, end = expression.start, expression.end
    if expression.kind == "one-of" and isinstance(end, Point):
        return _after_word("before", neighbour(end, 1), short)
    if expression.kind == "one-of" and isinstance(start, Point):
        return _after_word("after", neighbour(start, -1), short)
    if isinstance(start, Point) and end == ".." and not short:
        return _after_word("since", start, short)
    if isinstance(end, Point) and start == ".." and not short:
        return _after_word("until", end, short)
    return _dashed(_side(start, short), _side(end, short))


def _after_word(word: str, point: Point, short: bool) -> str:
    return str(_WORDS[word][_form(point)]) % {"date": _point(point, short, after_word=True)}


def _form(point: Point) -> str:
    """What kind of words a date is written in: a key of each of `_WORDS`."""
    if point.precision in ("decade", "century", "millennium"):
        return "span"
    return "ago" if point.precision == "year" and _is_deep(point) else "date"


def _side(side: Side, short: bool) -> str:
    if isinstance(side, Point):
        return _point(side, short)
    return "" if side == ".." else pgettext("unknown end of a range", "?")


def _dashed(start: str, end: str) -> str:
    """An en dash, with spaces where a side has spaces itself, as typography wants it."""
    if " " in start + end and start and end:
        return pgettext("range of dates", "%(start)s – %(end)s") % {"start": start, "end": end}
    return pgettext("range of dates", "%(start)s–%(end)s") % {"start": start, "end": end}


def _two_points(expression: Expression, start: Point, end: Point, short: bool) -> str:
    if expression.kind == "one-of":
        values = {
            "start": _point(start, short, after_word=True),
            "end": _point(end, short, after_word=True),
        }
        if "ago" in (_form(start), _form(end)):
            return pgettext("years ago", "between %(start)s and %(end)s") % values
        return pgettext("date", "between %(start)s and %(end)s") % values
    if start.uncertain or end.uncertain:
        return _dashed(_point(start, short), _point(end, short))
    if _is_deep(start) and _is_deep(end) and _deep_unit(start) == _deep_unit(end):
        return _ago(start, _dashed(_deep_amount(start), _deep_amount(end)))
    if start.circa or end.circa:
        return _dashed(_point(start, short), _point(end, short))
    return _compact(start, end, short) or _dashed(_point(start, short), _point(end, short))


def _compact(start: Point, end: Point, short: bool) -> str | None:
    """Two exact dates, with what they share said once; None when they share nothing."""
    if start.precision == end.precision == "year" and not (_is_deep(start) or _is_deep(end)):
        return _years(start.first_year, end.first_year)
    if start.first_year != end.first_year or start.precision != end.precision:
        return None
    year = _year(start.first_year)
    if start.precision == "month":
        months = _dashed(_month(start, short), _month(end, short))
        return pgettext("date", "%(month)s %(year)s") % {"month": months, "year": year}
    if start.precision == "day" and start.month == end.month:
        days = _dashed(_day_number(start), _day_number(end))
        return _day(days, _month(start, short), year)
    if start.precision == "day":
        sides = (_day_of_month(point, short) for point in (start, end))
        values = {"day": _dashed(*sides), "year": year}
        return pgettext("date without and with year", "%(day)s %(year)s") % values
    return None


def _years(start: int, end: int) -> str | None:
    """Two years that can share an era; None when they cannot."""
    if end <= 0:
        values = {"year": _dashed(_number(1 - start), _number(1 - end))}
        return pgettext("year", "%(year)s BC") % values
    if start > 0 and (start < 1000 or end <= 9999 or start > 9999):
        years = _dashed(_number(start), _number(end))
        has_era = not 1000 <= start <= 9999
        return pgettext("year", "AD %(year)s") % {"year": years} if has_era else years
    return None


def _point(point: Point, short: bool, *, after_word: bool = False) -> str:
    """One date with its qualifiers. Deep time is always about right, so it says no "c."."""
    text = _bare_point(point, short, after_word)
    if point.circa and not _is_deep(point):
        if point.precision == "year" and not after_word:
            text = pgettext("approximate year", "c. %(date)s") % {"date": text}
        else:
            text = pgettext("approximate date", "c. %(date)s") % {"date": text}
    if point.uncertain:
        text = pgettext("uncertain date", "%(date)s?") % {"date": text}
    return text


def _bare_point(point: Point, short: bool, after_word: bool) -> str:
    year = point.first_year
    if point.precision == "day":
        return _day(_day_number(point), _month(point, short, beside_day=True), _year(year))
    if point.precision in ("month", "season"):
        values = {"month": _month(point, short), "year": _year(year)}
        return pgettext("date", "%(month)s %(year)s") % values
    if point.precision == "year":
        return _ago(point, _deep_amount(point)) if _is_deep(point) else _year(year)
    if point.precision == "decade":
        return _decade(point, after_word)
    text = _century(point)
    return (
        pgettext("after a word such as since", "%(century)s") % {"century": text}
        if after_word
        else text
    )


def _decade(point: Point, after_word: bool) -> str:
    """The name of a decade; one that cannot be misread as a century."""
    first, last = point.first_year, point.last_year
    if first >= 1000 and (first % 100 or first == 2000):
        year = {"year": first}
        if after_word:
            return pgettext("decade after a word such as since", "%(year)ss") % year
        return pgettext("decade", "%(year)ss") % year
    values = {"years": _years(first, last) or _dashed(_year(first), _year(last))}
    if after_word:
        return pgettext("decade after a word such as since", "decade %(years)s") % values
    return pgettext("decade without a name", "decade %(years)s") % values


def _century(point: Point) -> str:
    """The name of a century or millennium."""
    first, last = point.first_year, point.last_year
    width = last - first + 1
    before_christ = last <= 0
    number = _ordinal((-last if before_christ else first) // width + 1)
    if point.precision == "century":
        text = pgettext("date", "%(ordinal)s century") % {"ordinal": number}
    else:
        text = pgettext("date", "%(ordinal)s millennium") % {"ordinal": number}
    return (
        pgettext("century or millennium", "%(span)s BC") % {"span": text} if before_christ else text
    )


def _ordinal(number: int) -> str:
    values = {"number": number}
    if number % 100 in (11, 12, 13):
        return pgettext("ordinal: 11, 12, 13", "%(number)sth") % values
    match number % 10:
        case 1:
            return pgettext("ordinal: 1, 21, 31", "%(number)sst") % values
        case 2:
            return pgettext("ordinal: 2, 22, 32", "%(number)snd") % values
        case 3:
            return pgettext("ordinal: 3, 23, 33", "%(number)srd") % values
    return pgettext("ordinal: 4, 5, 6", "%(number)sth") % values


def _year(year: int) -> str:
    """An astronomical year with the era where the number alone could be misread."""
    if year <= 0:
        return pgettext("year", "%(year)s BC") % {"year": _number(1 - year)}
    number = _number(year)
    return number if 1000 <= year <= 9999 else pgettext("year", "AD %(year)s") % {"year": number}


def _number(number: int) -> str:
    """A year's number; grouped from 10,000 on."""
    return number_format(number, force_grouping=True) if number >= 10_000 else str(number)


def _month(point: Point, short: bool, *, beside_day: bool = False) -> str:
    """The name of a month or season; some languages bend it when it stands beside a day."""
    month = point.month or 1
    if month > 12:
        return {
            21: pgettext("season", "Spring"),
            22: pgettext("season", "Summer"),
            23: pgettext("season", "Autumn"),
        }.get(month, pgettext("season", "Winter"))
    if short:
        # The other list is the one that people abbreviate by in most languages, and no one in this.
        in_english = (get_language() or "en").startswith("en")
        return str(MONTHS_3[month]).title() if in_english else str(MONTHS_AP[month])
    return str(MONTHS_ALT[month] if beside_day else MONTHS[month])


def _day(day: str, month: str, year: str) -> str:
    values = {"day": day, "month": month, "year": year}
    return pgettext("date", "%(day)s %(month)s %(year)s") % values


def _day_number(point: Point) -> str:
    return pgettext("day of a month, as in 12 June", "%(day)s") % {"day": point.day}


def _day_of_month(point: Point, short: bool) -> str:
    values = {"day": _day_number(point), "month": _month(point, short, beside_day=True)}
    return pgettext("date without year", "%(day)s %(month)s") % values


def _is_deep(point: Point) -> bool:
    """Whether the year is so far back that people count in millions of years ago."""
    return point.first_year <= -_MILLION


def _deep_unit(point: Point) -> int:
    return _BILLION if -point.first_year >= _BILLION else _MILLION


def _deep_amount(point: Point) -> str:
    return number_format((Decimal(-point.first_year) / _deep_unit(point)).normalize())


def _ago(point: Point, amount: str) -> str:
    """So many million or billion years ago; `amount` is already written in the language."""
    # Rounded up: "1.5 million" is more than one.
    count = -(point.first_year // _deep_unit(point))
    if _deep_unit(point) == _BILLION:
        text = ngettext("%(amount)s billion years ago", "%(amount)s billion years ago", count)
    else:
        text = ngettext("%(amount)s million years ago", "%(amount)s million years ago", count)
    return text % {"amount": amount}
