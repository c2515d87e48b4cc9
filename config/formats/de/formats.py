"""German dates as a reference work writes them: 22. November 2026, 22. Nov. 2026.

Numbers are grouped by points and have a decimal comma, as Django has them: 1.234,5.
"""

DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. N Y"
DATETIME_FORMAT = "j. F Y, H:i"
SHORT_DATETIME_FORMAT = "j. N Y, H:i"
