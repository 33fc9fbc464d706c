"""Which words of a sentence claim a change, or that there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reports import style
from reports.board.checks.unclaimed import BE, is_unclaimed

HIGHER, LOWER, STEADY = "higher", "lower", "steady"
BETTER, WORSE = "better", "worse"
NOT_HIGHER, NOT_LOWER = "not higher", "not lower"
DENIALS = {HIGHER: NOT_HIGHER, LOWER: NOT_LOWER}
Place = tuple[int, int]
# What must stand beside a claim: what it counts, or anything that has figures.
COUNTED, SUBJECT = "counted", "subject"

MONTHS = "|".join(style.MONTHS)
# An earlier period, or a count in it: 'last year', 'that of July 2020'.
EARLIER = (
    r"(?:(?:in|for|of|at|the|that|those|its|their|levels?|numbers?|figures?|seen"
    r"|recorded) )*"
    r"(?:(?:last|previous|prior|preceding|same) "
    r"(?:years?|quarters?|periods?|months?|12 months|time"
    r"|spring|summer|autumn|winter)"
    r"|a year (?:ago|before|earlier)|(?:year|quarter|months) before"
    rf"|(?:{MONTHS})|20\d\d|Q[1-4]|pre-?(?:covid|pandemic|lockdown)"
    r"|before (?:the )?(?:covid|pandemic|lockdown))\b"
)
NOW = r"(?: (?:now|both|all|also|still|well|far|\w+ly))?"  # 'is now up'
STAY = rf"(?:{BE}|(?:remain|stay|keep)(?:s|ed|ing)?|kept|held|hold(?:s|ing)?)"
ABOUT = r"(?:\w+ly|about|very|quite|much|more or less)"
SIZE = r"(?:share|proportion|percentage|number|count|total|volume|amount|figure)s?"
# 'More arrests than last year', but not 'more serious' or 'less than a year ago'.
THINGS = (
    r"(?: [\w-]+){0,2} (?:\w+(?<!ou)s|people|crime|violence|fraud|cash)"
    r"(?: (?:was|were|been|seized|recorded|made|reported|executed))*"
)
THAN_EARLIER = rf"(?=(?:{THINGS} than| than(?! a year ago)) {EARLIER})"
# 'Crept up', 'is heading downwards'.
MOVED = (
    r"(?:creep|crept|edg|inch|tick|nudg|head|mov|trend|shoot|shot|drift|slid|slip)\w*"
    r"(?: back)?"
)

# 'A three-year high' and 'its highest level for three years'.
RECORD_OF = r"[\w-]+[- ](?:years?|months?|decades?)"
NOT_A_RECORD = r"(?!-| (?:street|schools?|court|risk|harm|level|visibility|profile)\b)"
FOR_YEARS = (
    r"(?: [\w-]+){0,6} (?:for|in) (?:[\w-]+ ){0,4}(?:years|decades?|living memory)"
)

# Sizes in words, and from which to which percentage bears them.
FRACTIONS = (
    ("tenth", 7, 13),
    ("fifth", 15, 25),
    ("quarter", 20, 30),
    ("third", 28, 38),
    ("half", 40, 60),
    (r"two[- ]thirds", 60, 73),
    (r"three[- ]quarters", 70, 80),
)
# 'Up 5%' and 'up a third on 2020', but not 'makes up 5% of' or 'set up a third team'.
FRACTION = "|".join(words for words, *_ in FRACTIONS)
PERCENT = (
    r"(?:[\d.]+ ?(?:%|per ?cent)(?! of)"
    rf"|(?:\w+ )?(?:an? )?(?:{FRACTION})"
    r"(?= (?:on|from|since|compared|against|in)\b|[,.;)]|$))"
)
BODY = r"(?:officers?|partnerships?|plans?|strateg|teams?|units?|boards?|programmes?)"

# (kind, what must stand beside it, the words)
WORDS = (
    (
        HIGHER,
        "",
        # Not 'higher-risk', 'gave rise to', 'high-rise' or 'increasingly'.
        r"higher(?![- ](?:risk|harm|education|court|tier|standard|quality|priority))"
        r"|(?<!give )(?<!gave )(?<!high-)ris(?:e|es|en|ing)|rose"
        r"|increas(?:e|es|ed|ing)|grow(?:s|n|ing|th)?|grew|upward\w*"
        r"|(?:go(?:es|ing|ne)?|went) up|climb\w*|surg(?:e|es|ed|ing)|soar\w*"
        rf"|doubl(?:e|es|ed|ing)|trebl(?:e|ed|ing)|tripl(?:e|ed|ing)|{BE}{NOW} up"
        rf"|up(?= (?:by )?{PERCENT})"
        r"|spik(?:e|es|ed)|upturn|uptick|upsurge|uplift|mushroom\w*|more common"
        r"|jump(?:s|ed)?|rocketed"
        rf"|{MOVED} up(?:wards?)?|escalat(?:e|es|ed|ing)(?! to\b)"
        rf"|(?:above|exceed(?:s|ed|ing)?|surpass\w*|outstripp?\w*|overtak\w+)"
        rf"(?= {EARLIER})|(?<![a-z] )up(?= (?:on|from) (?:{EARLIER}|\d))"
        rf"|(?:larger|greater|bigger)(?: {SIZE}|(?= than {EARLIER}))"
        r"|record highs?|all[- ]time highs?|at (?:its|their) (?:\w+ )?highest"
        r"|highest(?: [\w-]+){0,6} (?:on record|ever|recorded|since)"
        rf"|highest (?:ever|recorded)|highest{FOR_YEARS}"
        rf"|{RECORD_OF} highs?{NOT_A_RECORD}"
        rf"|more{THAN_EARLIER}",
    ),
    (
        LOWER,
        "",
        # Not 'lower-level', 'fell into', 'drop-in' or 'Violence Reduction Unit'.
        r"lower(?![- ](?:level|risk|tier|end|court|priority)\b)|lower level of"
        r"|(?:fall(?:s|en|ing)?|fell)"
        r"(?! (?:into|under|within|victim|outside|on|short|behind|through)\b)"
        rf"|decreas\w*|reduc(?:e|es|ed|ing)|reductions?(?! {BODY})"
        r"|declin(?:e|es|ed|ing)(?! to)"
        r"|drop(?:s|ped|ping)?(?!-)|(?:go(?:es|ing|ne)?|went|came|come) down"
        r"|(?:br(?:ings?|inging|ought)|driv(?:e|es|en|ing)|drove|push\w*) down"
        r"|halv(?:e|es|ed|ing)|downward\w*|downturn"
        rf"|shr(?:ink|inks|inking|ank|unk)|{BE}{NOW} down|plummeted"
        r"|dip(?:s|ped|ping)?(?!-| sampl)|tumbl\w+|tail(?:s|ed|ing) off|rarer"
        r"|less common|eas(?:ed|ing)(?! of\b)(?: off)?|slump\w*|plung\w+"
        r"|subsid(?:e|es|ed|ing)"
        rf"|diminish\w*|lessen\w*|{MOVED} down(?:wards?)?|below(?= {EARLIER})"
        rf"|down(?= (?:by )?{PERCENT})"
        r"|cut(?= by | (?:[\w-]+ ){1,4}by )|been cut"
        rf"|(?<![a-z] )down(?= (?:on|from) (?:{EARLIER}|\d))"
        rf"|(?:smaller|lesser)(?: {SIZE}|(?= than {EARLIER}))"
        r"|record lows?|all[- ]time lows?|at (?:its|their) (?:\w+ )?lowest"
        r"|lowest(?: [\w-]+){0,6} (?:on record|ever|recorded|since)"
        rf"|lowest (?:ever|recorded)|lowest{FOR_YEARS}"
        rf"|{RECORD_OF} lows?{NOT_A_RECORD}"
        rf"|(?:less|fewer){THAN_EARLIER}",
    ),
    (HIGHER, COUNTED, r"more(?: and more)?"),
    (LOWER, COUNTED, r"(?:less|fewer(?: and fewer)?)"),
    (
        STEADY,
        SUBJECT,
        rf"{STAY} (?:{ABOUT} )?(?:stable|steady|level|flat|constant|static)"
        rf"|{STAY} (?:{ABOUT} )?consistent(?! with)|consistent with(?= {EARLIER})"
        rf"|(?:remain|stay)(?:s|ed|ing)? (?:{ABOUT} )?the same"
        rf"|{BE} {ABOUT} the same|the same (?:levels?|numbers?|as(?= {EARLIER}))"
        r"|unchanged|stabilis(?:e|es|ed|ing)|stable|flat-?lin(?:e|ed|ing)"
        r"|plateau(?:s|ed|ing)?|level(?:s|l?ed|l?ing)? (?:off|out)"
        rf"|(?:back|return(?:s|ed|ing)?) (?:to|at)(?= {EARLIER})"
        r"|(?:not|n.t|hardly|barely|little|never)(?: \w+){0,2} chang(?:e|ed|ing)"
        r"|chang(?:e|ed|ing) (?:very )?little|little change"
        r"|no (?:\w+ )?(?:change|difference)(?! to| of| between)"
        rf"|(?:(?:in line|on a par|level) with|comparable (?:to|with))(?= {EARLIER})"
        rf"|similar(?: (?:levels?|numbers?|volumes?)|(?= to {EARLIER}))",
    ),
    (
        BETTER,
        SUBJECT,
        r"improv(?:e|es|ed|ing|ements?)|better(?! \w+(?:ed|stood)\b)",
    ),
    (WORSE, SUBJECT, r"worse|worsen(?:s|ed|ing)?|deteriorat(?:e|es|ed|ing|ion)"),
)

# 'Has not risen', 'no higher' and 'did not see a rise'.
DENIED = re.compile(
    rf"\b(?:(?:{BE}|has|have|had|do|does|did)(?: not|n['\u2019]t)|\b(?:no|never))"
    r"(?: (?:been|gone|yet|seen?|any|an?|the|further|clear|significant(?:ly)?))* $",
    re.I,
)
SIZES = (
    *FRACTIONS,
    (r"doubl\w*", 80, 130),
    (r"(?:trebl|tripl)\w*", 160, 250),
    (r"halv\w*", 40, 60),
)
NEARLY = r"(?:(?:\w+ly|about|around|almost|just|over|more than|at least) )*"
ONE = r"(?:an? |one[- ])"
# After a claim, but not 'rose a third time' or 'by half a per cent'.
BY = rf"(?: (?:by|of) {NEARLY}{ONE}?| {NEARLY}{ONE})"
NOT_A_SIZE = r"(?! (?:time|year|month|quarter|a|of)\b)"
PERCENTAGE = re.compile(
    rf"(?: (?:by|of))? {NEARLY}\(?(?P<number>\d+(?:\.\d+)?) ?(?:%|per ?cent(?!age))"
    r"(?! (?:of|points?)\b)",
    re.I,
)
NEAR = re.compile(r"\b(?:about|around|almost|nearly|roughly|approximately)\b", re.I)
AT_LEAST = re.compile(rf"\b(?:over|more than|at least) {ONE}?$", re.I)


@dataclass(frozen=True)
class Claim:
    """Words that claim a change or none: their place and kind, and what they need."""

    start: int
    end: int
    kind: str
    needs: str
    said: str


def has_words(sentence: str) -> bool:
    """Whether a sentence has words that may claim something."""
    return next(_words(sentence), None) is not None


def claims_of(sentence: str, names: Iterable[Place] = ()) -> list[Claim]:
    """Return what a sentence claims, in its order; of words at one place, the first.

    The words at the places of `names` neither deny a claim nor end a thought: "notices
    that led to an order".
    """
    plain = sentence
    for start, end in names:
        plain = plain[:start] + re.sub(r"\w", "x", plain[start:end]) + plain[end:]
    found: list[Claim] = []
    for claim in sorted(_words(sentence), key=lambda claim: claim.start):
        if not found or claim.start >= found[-1].end:
            found.append(claim)
    claimed = (_claimed(plain, claim) for claim in found)
    return [claim for claim in claimed if claim]


def _claimed(sentence: str, claim: Claim) -> Claim | None:
    """Return a claim, or the opposite one of 'has not risen'; None if it is none."""
    if not is_unclaimed(sentence, claim.start, claim.end):
        return claim
    denied = DENIED.search(sentence, 0, claim.start)
    if not denied or claim.kind not in DENIALS:
        return None
    rest = sentence[: denied.start()] + " " * len(denied[0]) + sentence[claim.start :]
    if is_unclaimed(rest, claim.start, claim.end):
        return None
    return replace(claim, kind=DENIALS[claim.kind])


@dataclass(frozen=True)
class Size:
    """A size with its claim, and the percentages that bear it."""

    said: str
    least: Decimal
    most: Decimal | None


def size_of(sentence: str, claim: Claim) -> Size | None:
    """Return the size of a claim: 'doubled', 'rose by more than a third', 'by 5%'."""
    if match := PERCENTAGE.match(sentence, claim.end):
        percentage = Decimal(match["number"])
        half = Decimal("0.5").scaleb(percentage.as_tuple().exponent)
        least, most = percentage - half, percentage + half
        if NEAR.search(match[0]):
            least, most = percentage * Decimal("0.9"), percentage * Decimal("1.1")
        is_more = AT_LEAST.search(match[0], 0, match.start("number") - claim.end)
        said = sentence[claim.start : match.end()]
        return Size(said, least, None if is_more else most)
    for words, least, most in SIZES:
        size = re.compile(rf"(?:{BY})?({words})\b{NOT_A_SIZE}", re.I)
        match = (
            size.match(sentence, claim.start)
            or size.match(sentence, claim.end)
            or re.compile(rf"\b{ONE}({words}) $", re.I).search(sentence, 0, claim.start)
        )
        if match:
            is_more = AT_LEAST.search(sentence, 0, match.start(1))
            start, end = min(claim.start, match.start()), max(claim.end, match.end())
            return Size(
                sentence[start:end], Decimal(least), None if is_more else Decimal(most)
            )
    return None


def _words(sentence: str) -> Iterator[Claim]:
    for kind, needs, pattern in WORDS:
        for match in re.finditer(rf"\b(?:{pattern})\b", sentence, re.I):
            yield Claim(match.start(), match.end(), kind, needs, match[0])
