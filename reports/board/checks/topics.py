"""What words of a sentence are about: a subject, counts in general, or other things.

Patrols, staff and confidence are other things: they have no figures, and "confidence
has increased" says nothing of the crimes of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports import style
from reports.board import english
from reports.board.checks.naming import named, without_units
from reports.board.checks.subjects import Subject

SUBJECTS, COUNTS, PRONOUN, OTHER = "subjects", "counts", "pronoun", "other"
# What the figures of a page are, in general.
OF_COUNTS = (
    r"crimes?|offences?|offending|incidents?|numbers?|levels?|volumes?|counts?|figures?"
    r"|data"
    r"|totals?|rates?|trends?|cases|reports|criminality|violence|harm|abuse|thefts?"
    r"|exploitation|demand(?! (?:on|for)\b)|performance|picture|situation|position"
    r"|things|results"
)
PRONOUNS = r"it|they|this|these|those|there|we"
# What a force does or has, and what else has no figures.
OF_OTHERS = (
    r"(?:detection|solved|clear-?up|charge|conviction|outcome|response|arrest) rates?|"
    r"patrols?|patrolling|visibility|officers?|constables?|detectives?|PCSOs?|specials"
    r"|staff|staffing|volunteers?|teams?|units?|investigators?|supervisors?|colleagues"
    r"|victims?|residents|communities|partners?|partnerships?|businesses|people"
    r"|resourc\w+|funding|funds|budgets?|investment|spending|costs?|prices?|overtime"
    r"|train(?:ed|ing)|confidence|satisfaction|trust|awareness|reporting|recording"
    r"|engagement|capacity|capabilit\w+|(?<!criminal )activit\w+|focus|posts?|visits?"
    r"|calls?|workloads?|technology|equipment|intelligence|understanding|support"
    r"|services?|provision|powers|operations?|opportunit\w+|efficiency|effectiveness"
    r"|attention|presence|communications?|publicity|campaigns?|footfall|population"
    r"|restrictions|complexity|sophistication|vulnerabilit\w+|risks?|fear|concerns?|pressures?"
    r"|backlogs?|responses?|sickness|turnover|vacancies|retention|recruitment|morale"
    r"|wellbeing|quality|outcomes|use|usage|take-?up|contacts?|interactions?|cameras"
    r"|CCTV|vehicles?|searches|skills|knowledge|scrutiny|oversight|governance"
    r"|compliance|leadership|polic(?:y|ies)|approach\w*|strateg\w+|definitions?"
    r"|structures?|process\w*|procedures?|priorities|plans?|membership|tensions"
    r"|cohesion|victimisation|re-?offending|impact|unemployment|temperatures?"
    r"|sanctions?|meetings?|prevention|venues|premises|schools"
    r"|advice|demand|referrals?|work|times?|stop and search"
)
WORDS = re.compile(
    rf"\b(?:(?P<counts>{OF_COUNTS})|(?P<pronoun>{PRONOUNS})|(?P<other>{OF_OTHERS}))\b",
    re.I,
)
# Words that end a phrase.
SMALL = (
    r"a|an|and|or|but|nor|that|which|who|when|while|whilst|where|as|so|because|since|if"
    r"|than|after|before|until|in|on|at|of|to|by|for|from|with|within|without|across"
    r"|during|despite|following|thanks|due|over|under|into|through|between|among|amid"
    r"|against|compared|is|are|was|were|be|been|has|have|had|it|they|we|this|these"
)
OF = (
    r"of|in|into|on|for|about|around|to|with|by|from|against|at|among|within|across"
    r"|towards?"
)
DETERMINERS = (
    r"the|our|its|their|numbers?|levels?|volumes?|proportion|share|rate|of|all|total"
    r"|recorded|reported|overall|both"
)
# Between 'training' and 'on domestic abuse', which is training.
ITS_OWN = re.compile(rf" (?:{OF}) (?:(?:{DETERMINERS}|local) )*", re.I)
# Between words and what they count: 'a rise in the number of robberies'.
IN_IT = re.compile(rf" (?:(?:in|of|to) )?(?:(?:{DETERMINERS}) )*", re.I)
# The same, with adjectives: 'increased high-visibility patrols'.
NEAR_IT = re.compile(rf"{IN_IT.pattern}(?:(?!(?:{SMALL})\b)[\w-]+ ){{0,2}}", re.I)
# Between what is counted and its verb: 'patrols [in the town have also] increased'.
ITS_VERB = re.compile(
    rf"(?: (?:{OF})(?: (?!(?:{SMALL}|meant|means)\b|(?:{OF_COUNTS})\b)[\w'\u2019-]+"
    r"| (?:of|the|a)){1,5})?"
    r"(?: (?:that|which|who|is|are|was|were|be|been|being|has|have|had|did|does|do|to"
    r"|got|getting|become|became|stay(?:s|ed)?|remain(?:s|ed)?|continue[sd]?|beg[au]n"
    r"|start(?:ed|ing)|seen?|saw|show(?:s|ed|n|ing)?|at|on|year|a|an|the|no|not|also|now|then|since"
    r"|still|both|very|much|again|clear|significant|small|slight|large|further|little"
    # Adverbs, but not months or names.
    r"|(?!July|family|supply)\w+ly))* ",
    re.I,
)
# 'Staff absence' and 'training places' are other things too.
COMPOUND = re.compile(rf"^ (?!(?:{SMALL}|meant|means|{OF_COUNTS})\b)[a-z]+(?= )", re.I)
# It is not the officers who are 'attacks on officers'.
OF_SOMETHING = re.compile(rf"\w (?:{OF}) (?:(?:{DETERMINERS}) )*$", re.I)
# Words beside what is counted that do not say that it is of another kind: 'recorded
# crime' and 'dwelling burglary', but not 'vehicle crime' and 'commercial burglary'.
BEFORE = re.compile(r"([A-Za-z][\w-]*) $")
OF_TIME = (
    r"year|months?|quarter|monthly|quarterly|annual|yearly|seasonal|latest|current|last"
    rf"|past|previous|ever|pre-\w+|{'|'.join(style.MONTHS)}"
)
OF_PLACE = r"force|districts?|areas?|local|town|county|dwelling|house(?:hold)?|street"
OF_SIZE = (
    r"more|fewer|less|most|higher|lower|high|low|bigger|larger|greater|smaller|lesser"
    r"|small|large|big|little|great|good|bad|slight|sharp|steep|clear|significant"
    r"|average|main|key|serious|violent|actual|whole|record|further|new|same|such"
)
OF_CHANGE = (
    r"up|down|fell|rose|reduce|increase|drop|rise|fall|cut|prevent|tackle|stop|see|seen"
    r"|saw|did|does|do|will|would|may|can|could"
)
OF_NUMBER = (
    r"\w*\d\w*|first|second|third|other|many|some|any|no|not|each|every"
    rf"|{'|'.join(english.NUMBERS)}"
)
NO_KIND = re.compile(
    rf"(?:{SMALL}|{DETERMINERS}|{PRONOUNS}|{OF_COUNTS}|{OF_TIME}|{OF_PLACE}|{OF_SIZE}"
    rf"|{OF_CHANGE}|{OF_NUMBER}|\w+(?:ed|ly)|also|now|s)",
    re.I,
)
# 'Theft of pedal cycles' and 'reports of cuckooing' are of another kind.
OF_A_KIND = re.compile(
    rf" (?:of|from|about) (?:the )?(?!(?:{SMALL}|{DETERMINERS}|{OF_COUNTS}|these|last"
    r"|concern|note|late|force|county|districts?|town|year|quarter)\b)[a-z]"
)
# 'The Hate Crime Scrutiny Panel' is not hate crime.
OF_A_NAME = re.compile(
    rf" (?!(?:{'|'.join(style.MONTHS)})\b)[A-Z][a-z]+(?! (?:rose|fell)\b)"
)
# 'Robberies [that] were solved' are not all robberies.
DEALT_WITH = re.compile(
    r"(?: (?:that|which|is|are|was|were|has|have|had|been|being|to|be))*"
    r" (?:solved|detected|prevented|charged|attended|closed|finalised)\b",
    re.I,
)
LISTED = re.compile(r"(?:[\s,&]|\b(?:and|or|both|the|of)\b)+", re.I)


@dataclass(frozen=True)
class Topic:
    """Words that something is said about: their kind, place and subjects."""

    kind: str
    start: int
    end: int
    subjects: tuple[Subject, ...] = ()


def topics_of(
    sentence: str, own: Sequence[Subject], elsewhere: Sequence[Subject]
) -> list[Topic]:
    """Return what a sentence is about, in its order."""
    names = [
        Topic(SUBJECTS, name.start, name.end, name.subjects)
        for name in named(sentence, own, elsewhere)
    ]
    areas = {re.escape(name) for subject in own for name in subject.areas}
    longest_first = "|".join(sorted(areas, key=len, reverse=True))
    districts = (
        Topic(COUNTS, match.start(), match.end())
        for match in re.finditer(rf"\b(?:{longest_first})\b", sentence)
        if areas
    )
    # 'Referrals' are counts on a page of Prevent referrals.
    measured = {w for s in own if s.is_measure for w in s.name.lower().split()}
    words = (
        Topic(
            COUNTS if match[0].lower() in measured else match.lastgroup or OTHER,
            match.start(),
            match.end(),
        )
        for match in WORDS.finditer(without_units(sentence, [*own, *elsewhere]))
    )
    rest = [
        w for w in words if all(w.end <= n.start or n.end <= w.start for n in names)
    ]
    found: list[Topic] = []
    for topic in sorted([*names, *districts, *rest], key=lambda topic: topic.start):
        meant = _together(sentence, found[-1], topic) if found else None
        if meant:
            first = found.pop()
            topic = replace(meant, start=first.start, end=topic.end)
        found.append(topic)
    return [
        replace(topic, kind=OTHER) if _is_another(sentence, topic, own) else topic
        for topic in found
    ]


def _is_another(sentence: str, topic: Topic, own: Sequence[Subject]) -> bool:
    """Whether words around a topic say that it is only a part, or something else."""
    is_district = any(sentence[topic.start : topic.end] in s.areas for s in own)
    if topic.kind not in (SUBJECTS, COUNTS) or is_district:
        return False
    if DEALT_WITH.match(sentence, topic.end):
        return True
    if topic.kind == SUBJECTS and OF_A_NAME.match(sentence, topic.end):
        return True
    said = topic.end - topic.start
    if any(said >= len(n) for s in topic.subjects for n in (s.name, *s.also)):
        return False  # it is named in full
    if OF_A_KIND.match(sentence, topic.end):
        return True
    before = BEFORE.search(sentence, 0, topic.start)
    if not before or NO_KIND.fullmatch(before[1]):
        return False
    of_page = {word for s in own for word in s.name.lower().split()}
    return before[1].lower().split("-")[0] not in of_page


def _together(sentence: str, first: Topic, second: Topic) -> Topic | None:
    """Return which of two topics both are about; None if each is one by itself.

    "Domestic abuse training" and "training on domestic abuse" are training. "Reports of
    robbery" are robbery, "crime in schools" is crime, and "arrests by the team" are
    arrests.
    """
    between = sentence[first.end : second.start]
    kinds = (first.kind, second.kind)
    if PRONOUN in kinds:
        return None
    if between in (" ", "-"):
        if kinds == (SUBJECTS, SUBJECTS):
            return None
        return first if second.kind == COUNTS else second
    if not ITS_OWN.fullmatch(between):
        return None
    is_more_exact = second.kind == SUBJECTS or between.startswith(" of ")
    return second if first.kind == COUNTS and is_more_exact else first


def listed(sentence: str, topics: Sequence[Topic]) -> list[Topic]:
    """Return the first of the topics, and the subjects that are listed with it."""
    found = list(topics[:1])
    for topic in topics[1:]:
        one, other = sorted((found[-1], topic), key=lambda each: each.start)
        is_listed = LISTED.fullmatch(sentence[one.end : other.start])
        if topic.kind != SUBJECTS or not is_listed:
            break
        found.append(topic)
    return found


def is_in(sentence: str, end: int, topic: Topic, is_next: bool) -> bool:
    """Whether words before a topic, to `end`, count it: 'a rise in robbery'.

    Args:
        is_next: whether no other words may be between, as in 'more arrests'.
    """
    between = (IN_IT if is_next else NEAR_IT).fullmatch(sentence, end, topic.start)
    return between is not None and topic.kind != PRONOUN


def is_of(sentence: str, topic: Topic, start: int) -> bool:
    """Whether words after a topic, from `start`, say something of it."""
    is_part = topic.kind == OTHER and OF_SOMETHING.search(sentence[: topic.start])
    between = sentence[topic.end : start]
    if topic.kind == OTHER:
        between = COMPOUND.sub("", between, count=1)
    return not is_part and ITS_VERB.fullmatch(between) is not None


def says_of_another(sentence: str, claim: tuple[int, int], has_pronoun: bool) -> bool:
    """Whether words beside a claim name what has no figures.

    They do in "school exclusions are rising" and "a rise in shoplifting", and do not in
    "significantly higher than last year".

    Args:
        claim: where its words begin and end.
        has_pronoun: whether a pronoun says what it is of: 'this is a regional rise'.
    """
    start, end = claim
    words = []
    if not has_pronoun:
        before = sentence[:start]
        clause = re.split(r"[,;:()\u2013\u2014]|\bbut\b", before)[-1]
        if re.fullmatch(
            r"(?: an?| the)* ", clause
        ):  # '400 officers, an increase of 30'
            clause = before
        words = re.findall(r"[A-Za-z][\w'\u2019-]*", clause)
    if counted := re.match(r" (?:in|of) (?:the )?([A-Za-z][\w-]*)", sentence[end:]):
        words.append(counted[1])
    return not all(NO_KIND.fullmatch(word) for word in words)
