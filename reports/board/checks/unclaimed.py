"""Words that deny, doubt, wish or expect a change: they claim nothing of it.

Only what stands before a word in its own thought is looked at: "did not rise", "aims to
reduce", "whether it fell". "Not only did it rise" and "continued to fall" are claims.
"""

from __future__ import annotations

import re

from reports.board import english

BE = r"(?:is|are|was|were|be|been|being)"
# Verbs of which the infinitive still claims a change: 'continued to fall' and 'helped
# us to reduce', but not 'started work to reduce'.
STILL = re.compile(
    r"\b(?:(?:continu(?:e|es|ed|ing)|beg[aiu]n(?:s|ning)?|start(?:ed|s|ing)?|managed"
    r"|seem(?:s|ed)?|appear(?:s|ed)?|came)"
    r"|(?:help(?:ed|s|ing)|enabled|allowed|contributed)(?: [\w-]+){0,3}?)"
    r" to(?: help)?\b",
    re.I,
)
INFINITIVE = re.compile(
    r"(?:rise|fall|increase|decrease|reduce|drop|decline|grow|climb|surge|soar|double"
    r"|treble|triple|halve|shrink|lower|cut|(?:go|come|bring|drive|push) (?:up|down)"
    r"|improve|worsen|deteriorate|(?:remain|stay|keep|be|hold) .*|stabilise|plateau"
    r"|level off)",
    re.I,
)
# 'Robbery fell' after 'and' is a claim of its own.
PAST = re.compile(
    r"\w+ed|rose|fell|grew|shrank|risen|fallen|grown|(?:went|came|brought|drove) \w+"
    rf"|{BE}(?: \w+)? (?:up|down)",
    re.I,
)
ARTICLE = re.compile(r"\b(?:an?|the|our|its|their|of|for|with|see|seeing) $", re.I)
# What is before these words says nothing of what is after them.
END = re.compile(
    r"[,;:()\u2013\u2014]| - |\b(?:but|while|whilst|whereas|although|though|however"
    r"|because|since|as|so(?! that)|when|after|yet|which|why)\b"
    # 'Led to', but not 'may have led to' or 'has not led to'.
    r"|(?<!not )(?<!yet )(?<!never )(?<!\bhave )\b(?:led to|resulted in|saw"
    r"|meant|brought about|achieved)\b"
    r"|(?<!not )(?<!may )(?<!might )(?<!could )(?<!would )(?<!should )(?<!will )"
    r"\b(?:has|have) (?:seen|led to|resulted in|brought about)\b",
    re.I,
)
DENIED = re.compile(
    r"\b(?:not|cannot|never|hardly|nothing|nobody)\b"
    r"(?! (?:only|just|least|merely|surpris\w+|ignore|overlook|deny|accept|doubt))"
    r"|n['\u2019]t\b(?! (?:just|only|ignore|overlook|deny|accept|doubt))"
    r"|\bno (?:[\w-]+ )?(?:evidence|signs?|indication|suggestion|proof|reason)\b"
    r"|\b(?:no(?! doubt| question)|neither|nor|none|without(?! doubt))"
    r"(?: [\w-]+){0,3} $"
    r"|\b(?:un(?:clear|certain|sure)|impossible|too (?:early|soon|few|small))\b"
    r"|\b(?:hard|difficult) to (?:say|tell|know|conclude)\b"
    r"|\b(?:far from|rather than|instead of)\b",
    re.I,
)
# These also reach over 'and': 'no evidence that robbery and fraud rose'.
DOUBTED = re.compile(
    r"\b(?:whether|unless|if|in case)\b"
    r"|\b(?:no|not|nothing|cannot|un(?:clear|certain|sure|true|proven)|impossible)\b"
    r"(?! doubt| question| only)"
    r"[^,;:]* (?:that|mean|means)\b",
    re.I,
)
EXPECTED = re.compile(
    r"\b(?:will|would|shall|might|ought|(?-i:may)|'ll)\b(?! (?:note|highlight))"
    r"|\b(?:should|could|must)\b(?! (?:be )?(?:noted?|stress|said))"
    r"|\bcan\b(?! (?:be seen|see|report|confirm|say|show|clearly))"
    r"|(?<!as )(?<!than )\b(?:expect\w*|anticipat\w+|predict\w*|forecast\w*"
    r"|hop(?:e|es|ed|ing)|(?:un)?likely|possib\w+|potential\w*)\b"
    r"|\b(?:risk|danger|threat|chance|prospect) of\b",
    re.I,
)
# What is done for, and so has not happened yet; 'patrols aimed at it fell' claims.
# 'Usually rises in winter' is not said of these figures.
USUAL = re.compile(
    r"\b(?:usually|typically|normally|generally|often|always|tend(?:s|ed)? to"
    r"|(?:every|each) (?:year|summer|autumn|winter|spring))\b",
    re.I,
)
WISHED = re.compile(
    r"\b(?:aim(?:s|ed|ing)?|intend\w*|intent\w*|seek(?:s|ing)?|sought|want(?:s|ed|ing)?"
    r"|wish(?:es)?|need(?:s|ed)?|ambition\w*|goals?|objectives?"
    r"|targets? (?:of|for|is|an?)|plan(?:s|ned|ning)? (?:to|for)|commit(?:ted|ment)"
    r"|focus\w*|work(?:s|ing)? (?:to|towards?)|efforts?|in order to|so that"
    r"|(?-i:prevent(?:s|ed|ing)?)|avoid\w*|try(?:ing)?|tries)\b"
    r"|(?<!ed )(?<!ing )\bto (?:achieve|secure|deliver|bring about|drive|support|ensure"
    r"|see|make|carry out|execute|identify|produce|encourage|get|have|give|maintain"
    r"|sustain|promote|allow|enable|provide|seize|create)\b",
    re.I,
)
# 'Aimed at reducing', but 'led to reducing'.
AIMED = re.compile(
    r"(?<!led )\b(?:at|on|to|towards?|for|of|about) (?:\w+ly |further )?$", re.I
)
DOING = re.compile(r"(?:reduc|decreas|lower|halv|improv)ing", re.I)
# 'Reducing it is our priority' and 'reduce it', but not 'increase in it'.
TASK = re.compile(
    r"\W*(?:(?:reduc|decreas|lower|halv|improv)ing|(?:reduce|improve|increase|decrease"
    r"|halve)(?! in\b))\b",
    re.I,
)
TO = re.compile(r"\bto (?:\w+ly |further |also |help )*$", re.I)
# 'Before they grew', but not 'in the year before robbery fell'.
NOT_YET = re.compile(
    r"(?<!year )(?<!months )(?<!quarter )\b(?:before|until)"
    r"(?! (?:the )?(?:pandemic|lockdown|covid))(?: [\w-]+){1,4} $",
    re.I,
)
# What is meant by 'the recent rise in robbery' has happened.
THE = re.compile(r"\b(?:the|this|recent)(?: [\w-]+)? $", re.I)
NOUN = re.compile(
    r"rise|increase|growth|surge|spike|fall|decrease|reduction|drop|decline", re.I
)
# 'A rise is expected', but 'the rise is expected to continue'.
EXPECTED_LATER = re.compile(
    r"[^,;:.]* (?:(?:is|are)(?: \w+)? (?:expected|anticipated|likely|predicted|forecast"
    r"|possible|planned|hoped)\b(?! to (?:continue|remain))"
    r"|(?:is|are|remains?) (?:our|an?|the) (?:\w+ )?"
    r"(?:aim|goal|priority|objective|target|ambition|focus)"
    r"|(?-i:may|might|will|could) (?:follow|occur|happen|result)"
    # 'The increase that we had planned for did not come' denies it.
    r"|(?:(?:did|do|does|has|have|had)(?: not|n['\u2019]t)|never|failed to)"
    r" (?:c[ao]me|happen(?:ed)?|occur(?:red)?|materialised?|arrived?))\b",
    re.I,
)
# How many months were higher says nothing of the total: 'uneven: 6 months were higher
# and 6 lower'.
HOW_MANY = (
    rf"(?:\d\d?|{'|'.join(english.NUMBERS[1:12])}|none|no|some|half|most|several"
    r"|others?)"
)
UNEVEN = re.compile(r"\buneven(?:ly)?\b", re.I)
SO_MANY_MONTHS = re.compile(
    rf"\b{HOW_MANY}(?: of (?:the|its) (?:\w+ )?months?| months?)?(?: {BE})? $", re.I
)
BOTH_MONTHS = re.compile(
    rf"\bmonths? (?:{BE} )?(?:higher|lower)\b.*\b(?:higher|lower)\b", re.I
)
IN_SO_MANY = re.compile(rf" in (?:the (?:other )?)?{HOW_MANY}\b", re.I)
# Nor do other districts, of which it is not said which.
IN_OTHERS = re.compile(
    r" in (?:the )?(?:others?|rest)\b(?! (?:\w+ )?(?-i:[A-Z]))", re.I
)


def is_unclaimed(sentence: str, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` of a sentence claim nothing."""
    said, before = sentence[start:end], sentence[:start]
    is_uneven = UNEVEN.search(before) is not None
    is_uneven |= BOTH_MONTHS.search(sentence) is not None
    if is_uneven and SO_MANY_MONTHS.search(before):
        return True
    if is_uneven and IN_SO_MANY.match(sentence, end):
        return True
    if IN_OTHERS.match(sentence, end):
        return True
    task = TASK.match(sentence)
    if task and task.end() == end:
        return True
    is_noun = NOUN.fullmatch(said) and sentence.startswith(" in ", end)
    if is_noun and THE.search(before):
        return EXPECTED_LATER.match(sentence, end) is not None
    if USUAL.match(sentence) and "," not in before:
        return True
    ends = [match.end() for match in END.finditer(before)]
    before = STILL.sub("", before[ends[-1] :] if ends else before)
    if DOUBTED.search(before) or EXPECTED_LATER.match(sentence, end):
        return True
    is_past = PAST.fullmatch(said) and not ARTICLE.search(before)
    if is_past:
        before = before.rpartition(" and ")[2]
    if DENIED.search(before) or EXPECTED.search(before) or USUAL.search(before):
        return True
    if is_past:
        return NOT_YET.search(before) is not None
    is_to_do = INFINITIVE.fullmatch(said) and TO.search(before)
    is_aim = DOING.fullmatch(said) and AIMED.search(before)
    return bool(is_to_do or is_aim or WISHED.search(before))
