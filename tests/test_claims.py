"""What the author's sentences claim of a change, and what claims nothing.

The expectations follow the figures below: a claim that they do not bear is listed, by
its words. Sentences are written in the style of a police report.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.board.checks.directions import differing
from reports.board.checks.subjects import Difference, Subject

YEAR, MONTHS, QUARTER = "12 months", "same months", "quarter before"


def measure(name: str, code: str, better: str = "", pct: str = "", **areas: str):
    codes = {area.replace("_", " "): (own, YEAR) for area, own in areas.items()}
    return Subject(
        name,
        ((code, YEAR),),
        areas=codes,
        is_measure=True,
        better=better,
        percentages=changed(pct),
    )


def changed(*texts: str) -> tuple[Difference, ...]:
    """Return percentages by which something has changed, such as '-18.0'."""
    return tuple(Difference(Decimal(text), text, YEAR) for text in texts if text)


HATE = measure(
    "Hate crime", "higher", pct="26.9", Harlow="no_clear_change", Basildon="higher"
)
FRAUD = measure("Fraud", "lower", better="lower", pct="-18.0")
CYBER = measure("Cyber crime", "higher", better="lower", pct="142.0")
KNIFE = measure("Knife crime", "no_clear_change")
NIGHT = measure("Night-time economy crime", "uneven")
ABUSE = measure("Domestic abuse", "no_clear_change")
BURGLARY = measure("Residential burglary", "lower")
REFERRALS = measure("Prevent referrals", "no_clear_change")
ROBBERY = measure("Personal robbery", "uneven", pct="20.0")
SHOPLIFTING = measure(
    "Shoplifting",
    "higher",
    Ash="higher",
    Brook="higher",
    Cole="higher",
    Dale="lower",
    Elm="no_clear_change",
)
THEFT = Subject(
    "Vehicle theft",
    (("lower", YEAR), ("no_clear_change", "quarter"), ("higher", "against 2019")),
    is_measure=True,
    percentages=(
        Difference(Decimal("-20.0"), "-20.0", YEAR),
        Difference(Decimal("-5.0"), "-5.0", "quarter"),
        Difference(Decimal("9.0"), "+9.0", "against 2019"),
    ),
)
RATE = Subject("Solved rate of Hate crime", (("no_clear_change", YEAR),))
ATTENDED = Subject(
    "Domestic abuse attended within 24 hours", (("lower", QUARTER),), better="higher"
)
# A share without a word: 62.1%, then 68.8%.
NOTICES = Subject(
    "Notices that led to an order",
    differences=(Difference(Decimal("6.7"), "+6.7", QUARTER),),
    percentages=changed("10.8"),
)
SAFEGUARDED = Subject(
    "People safeguarded", (("no_clear_change", MONTHS),), unit="Child Exploitation Unit"
)
ARRESTS = Subject("Arrests", (("no_clear_change", MONTHS),))
FIREARMS = Subject("Firearms recovered", (("too_few", MONTHS),))
COURSES = Subject("Courses held", (("not_comparable", MONTHS),))
CASH = Subject(
    "Cash seized", differences=(Difference(-85825, "\u2212£85,825", MONTHS),)
)
TAGGED = Subject("Tagged offenders", differences=(Difference(0, "0", "quarter ends"),))
RESULTS = (ARRESTS, FIREARMS, COURSES, CASH, TAGGED)
SHARES = (ATTENDED, NOTICES, SAFEGUARDED)
CRIMES = (HATE, FRAUD, CYBER, KNIFE, NIGHT, ABUSE, BURGLARY, ROBBERY)
EVERY = (*CRIMES, SHOPLIFTING, THEFT, REFERRALS, RATE, *RESULTS, *SHARES)


def listed(text: str, page: Subject) -> list[str]:
    """Return the words of a sentence that are listed on the page of a measure."""
    own = (page, RATE, *RESULTS) if page is HATE else (page, *RESULTS)
    found = differing(text, own, EVERY, [page])
    return [re.search("says \u201c(.*?)\u201d", line)[1] for line in found]


def table(rows: dict[str, list[tuple[str, str]]]) -> list:
    """Return a case for each sentence: its page, text and words that are listed."""
    pages = {subject.name: subject for subject in EVERY}
    return [
        pytest.param(pages[page], text, [w for w in words.split(" + ") if w], id=text)
        for page, own in rows.items()
        for text, words in own
    ]


QUARTER_TOO = {
    "Vehicle theft": [
        ("Vehicle theft fell over the 12 months.", ""),
        ("Vehicle theft fell.", ""),
        ("Vehicle theft was unchanged this quarter.", ""),
        ("In the quarter, vehicle theft fell.", "fell"),
        ("Vehicle theft in Q2 was lower than in Q2 last year.", "lower"),
        ("In July to September vehicle theft fell.", "fell"),
        ("Vehicle theft is unchanged.", "unchanged"),
        ("Vehicle theft was stable over the 12 months.", "was stable"),
        ("Vehicle theft is back to its level before the pandemic.", "back to"),
        ("Vehicle theft was higher than in 2019.", ""),
        ("Over the year vehicle theft fell by 20%.", ""),
        ("Over the year vehicle theft fell by 5%.", "fell by 5%"),
        ("Vehicle theft fell by 5% this quarter.", "fell"),
        ("Vehicle theft fell by about 21%.", ""),
        ("Vehicle theft fell by 30%.", "fell by 30%"),
        ("Vehicle theft did not rise.", ""),
        ("Vehicle theft did not fall.", "fall"),
        ("Vehicle theft rose on the previous quarter.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(QUARTER_TOO))
def test_a_claim_of_a_period_is_compared_with_the_word_of_this_period(
    page, text, expected
):
    assert listed(text, page) == expected


NO_CHANGE = {
    "Knife crime": [
        ("Knife crime remained stable.", ""),
        ("Knife crime has remained broadly steady over the year.", ""),
        ("There was no clear change in knife crime.", ""),
        ("Knife crime shows no clear change.", ""),
        ("Knife crime was similar to last year.", ""),
        ("Knife crime levels remain unchanged from last year.", ""),
        ("Arrests were stable.", ""),
        ("Tagged offenders remained the same.", ""),
    ],
    "Hate crime": [
        ("Hate crime remained stable.", "remained stable"),
        ("Hate crime stayed flat.", "stayed flat"),
        ("Hate crime numbers have been steady.", "been steady"),
        ("Numbers remained level.", "remained level"),
        ("It has remained constant.", "remained constant"),
        ("It stayed the same.", "stayed the same"),
        ("Hate crime is broadly the same as last year.", "is broadly the same"),
        ("Hate crime is unchanged.", "unchanged"),
        ("Hate crime did not change.", "not change"),
        ("Hate crime has not changed over the year.", "not changed"),
        ("Hate crime has barely changed.", "barely changed"),
        ("There was no change in hate crime.", "no change"),
        ("There was no clear change in hate crime.", "no clear change"),
        ("There is little change in hate crime.", "little change"),
        ("Hate crime has plateaued.", "plateaued"),
        ("Hate crime has levelled off.", "levelled off"),
        ("Overall levels have stabilised.", "stabilised"),
        ("Hate crime is in line with last year.", "in line with"),
        ("Hate crime is on a par with last year.", "on a par with"),
        ("Hate crime numbers are similar to last year's.", "similar"),
        ("Levels are similar to those seen last summer.", "similar"),
        ("Hate crime is comparable with 2020.", "comparable with"),
        ("Hate crime stayed at the same level.", "the same level"),
        ("Hate crime is stable in Basildon.", "is stable"),
        ("Hate crime is stable in Harlow.", ""),
        ("Hate crime has risen or stayed the same everywhere.", "stayed the same"),
        ("The policy has not changed.", ""),
        ("Our approach remains unchanged.", ""),
        ("Our response is in line with national guidance.", ""),
        ("The partnership is stable and meets monthly.", ""),
        ("Similar work is under way in Kent.", ""),
        ("The same officers attended.", ""),
        ("The new definition did not change how we work.", ""),
        ("Officers are in constant contact with victims.", ""),
    ],
    "Fraud": [
        ("Fraud is stable.", "is stable"),
        ("Firearms recovered remained stable.", "remained stable"),
        ("Courses held are unchanged.", "unchanged"),
        ("Cash seized remained stable.", "remained stable"),
    ],
    "Night-time economy crime": [
        ("Night-time economy crime is stable.", "is stable"),
        (
            "Hot spots that have traditionally been stable have fluctuated.",
            "",
        ),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(NO_CHANGE))
def test_words_of_no_change_are_borne_by_no_clear_change_alone(page, text, expected):
    assert listed(text, page) == expected


BETTER = {
    "Knife crime": [
        ("Knife crime has improved.", "improved"),
        ("There has been an improvement in knife crime.", "improvement"),
        ("Knife crime has got worse.", "worse"),
        ("Knife crime has worsened this year.", "worsened"),
        ("The position on knife crime has deteriorated.", "deteriorated"),
        ("The picture is better than last year.", "better"),
        ("We are doing better with our partners.", ""),
        ("Better use of data helped officers.", ""),
        ("There is better understanding of county lines.", ""),
        ("Public confidence has improved.", ""),
        ("Training on knife crime has improved.", ""),
    ],
    "Hate crime": [
        ("Hate crime has worsened.", ""),
        ("Hate crime improved.", ""),
        ("The solved rate of hate crime is better.", "better"),
    ],
    "Night-time economy crime": [
        ("Night-time economy crime is better.", "better"),
    ],
    "Fraud": [
        ("Fraud improved.", ""),
        ("There was an improvement in fraud.", ""),
        ("Fraud has worsened.", "worsened"),
        ("The picture of fraud has deteriorated.", "deteriorated"),
        ("Fraud is no better than last year.", ""),
        ("Cyber crime has got worse.", ""),
        ("Cyber crime has improved.", "improved"),
        # Less cash was seized, and what is better for cash is not known.
        ("Cash seized improved.", ""),
        ("Cash seized has worsened.", ""),
    ],
    "Domestic abuse": [
        ("Attendance within 24 hours improved this quarter.", "improved"),
        ("Attendance within 24 hours has got better.", "better"),
        ("Attendance within 24 hours worsened.", ""),
        ("Attendance within 24 hours fell.", ""),
        ("Attendance within 24 hours rose.", "rose"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(BETTER))
def test_better_is_borne_by_the_better_direction_or_by_any_if_none_is_known(
    page, text, expected
):
    assert listed(text, page) == expected


WORDED = {
    "Fraud": [
        # It fell by 18.0%.
        ("Fraud fell by a fifth.", ""),
        ("Fraud went down by almost a fifth.", ""),
        ("Fraud fell a fifth.", ""),
        ("A drop of about one-fifth was seen in fraud.", ""),
        ("Fraud fell by a tenth.", "fell by a tenth"),
        ("Fraud fell by more than a tenth.", ""),
        ("Fraud fell by a quarter.", "fell by a quarter"),
        ("Fraud fell by over a quarter.", "fell by over a quarter"),
        ("Fraud fell by two thirds.", "fell by two thirds"),
        ("Fraud fell by half.", "fell by half"),
        ("Fraud fell by more than half.", "fell by more than half"),
        ("Fraud was a fifth lower.", ""),
        ("Fraud was a third lower.", "a third lower"),
        ("Fraud has halved.", "halved"),
        ("Fraud rose by a fifth.", "rose"),
        ("Fraud fell for a third time.", ""),
        ("Fraud fell a third time.", ""),
        ("Fraud fell in a quarter of towns.", ""),
        ("Fraud improved by a half.", "improved by a half"),
    ],
    "Hate crime": [
        # It rose by 26.9%, and in Basildon by what is not known.
        ("Hate crime went up by a quarter.", ""),
        ("Hate crime, up by a quarter on last year, is our concern.", ""),
        ("Hate crime, up a third on last year, is our concern.", "up a third"),
        ("Hate crime takes up a third of our time.", ""),
        ("Hate crime is why we set up a third team, and quarterly meetings.", ""),
        ("Hate crime, down by a third since 2020, is our concern.", "down"),
        ("Hate crime rose by a third.", "rose by a third"),
        ("Hate crime rose by a third in Basildon.", ""),
        ("Hate crime has more than doubled.", "doubled"),
        ("It has trebled.", "trebled"),
    ],
    "Cyber crime": [
        # It rose by 142.0%.
        ("Cyber crime nearly doubled.", "doubled"),
        ("Cyber crime more than doubled.", ""),
        ("Cyber crime trebled.", "trebled"),
        ("Cyber crime rose by a third.", "rose by a third"),
    ],
    "Domestic abuse": [
        (
            "The share of notices that led to an order has nearly doubled.",
            "doubled",
        ),
        ("The share of notices that led to an order rose by a tenth.", ""),
        ("The share of notices that led to an order fell.", "fell"),
        ("We cannot say that notices that led to an order fell.", ""),
        ("Patrols were increased by a third.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(WORDED))
def test_a_size_in_words_is_compared_with_the_percentage(page, text, expected):
    assert listed(text, page) == expected


UNITS = {
    "Domestic abuse": [
        (
            "The Child Exploitation Unit safeguarded more people than last year.",
            "more",
        ),
        ("The Child Exploitation Unit safeguarded fewer people.", "fewer"),
        ("More people were safeguarded by the Child Exploitation Unit.", "More"),
        ("The Child Exploitation Unit met more people than last year.", ""),
        ("Officers safeguarded more people than last year in the town.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(UNITS))
def test_a_unit_and_the_verb_of_its_result_name_the_result(page, text, expected):
    assert listed(text, page) == expected


UNEVEN = {
    "Personal robbery": [
        ("Personal robbery was uneven: 6 months were higher and 6 lower.", ""),
        ("Robbery was uneven, with six of the months lower, 5 higher and 1 equal.", ""),
        (
            "Robbery is uneven: higher in six months and lower in the other six.",
            "",
        ),
        ("Robbery was uneven over the months, and higher than last year.", "higher"),
        ("Six months were higher.", "higher"),
        ("Personal robbery was up in total, but uneven.", ""),
        ("Personal robbery was lower, but too few to say that it fell.", "lower"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(UNEVEN))
def test_the_months_of_what_is_uneven_are_not_claims(page, text, expected):
    assert listed(text, page) == expected


SIZES = {
    "Knife crime": [
        ("A larger share of offences took place at night.", "larger share"),
        ("A greater number of offences was recorded than last year.", "greater number"),
        ("A smaller proportion of knife crimes led to injury.", "smaller proportion"),
        ("A bigger number of knife crimes was recorded.", "bigger number"),
        ("The number of knife crimes is larger than last year.", "larger"),
        ("Greater visibility in hot spots reassured residents.", ""),
        ("A larger team now works on county lines.", ""),
        ("Smaller towns were visited.", ""),
    ],
    "Hate crime": [
        ("A larger number of hate crimes was recorded.", ""),
        ("A smaller number of hate crimes was recorded.", "smaller number"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(SIZES))
def test_larger_and_smaller_are_read_of_counts_and_shares(page, text, expected):
    assert listed(text, page) == expected


SYNONYMS = {
    "Knife crime": [
        ("There was an upsurge in knife crime.", "upsurge"),
        ("Knife crime crept up.", "crept up"),
        ("Knife crime is edging back up.", "edging back up"),
        ("Knife crime has escalated.", "escalated"),
        ("Two knife crimes were escalated to the board.", ""),
        ("Knife crime exceeded last year's level.", "exceeded"),
        ("Knife crime is above its level before the pandemic.", "above"),
        ("The table above shows knife crime.", ""),
        ("Knife crime dipped.", "dipped"),
        ("Knife crime tumbled.", "tumbled"),
        ("Knife crime is heading downwards.", "heading downwards"),
        ("Knife crime has diminished.", "diminished"),
        ("Knife crime is below last year.", "below"),
        ("Knife crime is back to its level before the pandemic.", ""),
        ("Knife crime returned to 2019 levels.", ""),
    ],
    "Hate crime": [
        ("Hate crime is back to its level before the pandemic.", "back to"),
        ("Hate crime has returned to pre-pandemic levels.", "returned to"),
        ("Victims of hate crime went back to the shop.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(SYNONYMS))
def test_usual_words_for_a_change_are_read(page, text, expected):
    assert listed(text, page) == expected


MORE = {
    "Domestic abuse": [
        ("There was more domestic abuse.", "more"),
        ("There was less domestic abuse.", "less"),
        ("More arrests were made this year.", "More"),
        ("The unit made fewer arrests.", "fewer"),
        ("There were fewer incidents.", "fewer"),
        ("More domestic abuse officers were trained.", ""),
        ("More victims are coming forward.", ""),
        ("More needs to be done on domestic abuse.", ""),
        ("More than 300 homes were visited.", ""),
        ("The team was formed less than a year ago.", ""),
        ("We plan to make more arrests.", ""),
        ("More arrests are needed.", "More"),
        ("Domestic abuse is slightly up.", "is slightly up"),
        ("Domestic abuse is now down.", "is now down"),
        ("Domestic abuse was well up.", "was well up"),
    ],
    "Residential burglary": [
        ("Burglary and domestic abuse are both up.", "are both up"),
        ("Burglary is clearly down.", ""),
        ("There were fewer burglaries.", ""),
        ("There were more burglaries.", "more"),
        ("There was more hate crime and less fraud.", ""),
        ("More burglaries were solved.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(MORE))
def test_more_and_fewer_are_read_before_what_is_counted(page, text, expected):
    assert listed(text, page) == expected


RECORDS = {
    "Knife crime": [
        ("Knife crime is at a record high.", "record high"),
        ("Violence is at an all-time high.", "all-time high"),
        ("Knife crime was at its highest in July.", "at its highest"),
        ("Knife crime is at a three-year high.", "three-year high"),
        ("Knife crime has a three-year high-visibility plan.", ""),
        ("Knife crime was on the agenda of a two-year high school project.", ""),
        (
            "Knife crime has reached its highest level for three years.",
            "highest level for three years",
        ),
        (
            "We saw the highest count of knife crimes in a decade.",
            "highest count of knife crimes in a decade",
        ),
        (
            "We recorded the lowest number of knife crimes on record.",
            "lowest number of knife crimes on record",
        ),
        ("The highest ever count was seen in August.", "highest ever"),
    ],
    "Hate crime": [
        ("Hate crime is at a record high.", ""),
        ("Hate crime has reached an all-time low.", "all-time low"),
        ("Hate crime is at its lowest for five years.", "at its lowest"),
        ("Hate crime is at a three-year high.", ""),
        ("Hate crime is at a five-year low.", "five-year low"),
        ("It has dropped to a 10 year low.", "dropped + 10 year low"),
        (
            "Hate crime is at the lowest level for more than three years.",
            "lowest level for more than three years",
        ),
        ("Hate crime is at its highest level for three years.", ""),
        ("Basildon had the lowest number of hate crimes in the 12 months.", ""),
        ("Basildon has the highest number of hate crimes.", ""),
        ("Disability hate crimes remain second highest in terms of volume.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(RECORDS))
def test_a_record_is_compared_as_higher_or_lower(page, text, expected):
    assert listed(text, page) == expected


DENIED = {
    "Knife crime": [
        ("We cannot say that knife crime fell.", ""),
        ("There is no evidence that knife crime or fraud rose.", ""),
        ("It is not possible to conclude that it has increased.", ""),
        ("Whether knife crime rose is unclear.", ""),
        ("It is too early to say whether knife crime has fallen.", ""),
        ("The figures do not show that knife crime fell.", ""),
        ("There is nothing to suggest that knife crime rose.", ""),
        ("It remains to be seen if knife crime falls.", ""),
        ("We did not see a rise in knife crime.", ""),
        ("None of our measures rose.", ""),
        ("Rather than fall, it stayed level.", ""),
        ("We cannot say that the count rose in July.", ""),
        ("The unit found that knife crime fell.", "fell"),
        ("Knife crime hasn't gone up.", ""),
        ("The increase in knife crime that we had planned for did not come.", ""),
        ("The expected rise in reports has not materialised.", ""),
        ("The feared rise in knife crime never happened.", ""),
        ("The rise in knife crime did not surprise us.", "rise"),
        ("There was no increase in knife crime.", ""),
        ("Not only did knife crime rise, it rose twice.", "rise + rose"),
        ("There is no doubt that knife crime rose.", "rose"),
        ("Without doubt knife crime rose.", "rose"),
        ("Not surprisingly, knife crime fell.", "fell"),
        ("Although we did not add patrols, knife crime fell.", "fell"),
        ("We cannot ignore the rise in knife crime.", "rise"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(DENIED))
def test_what_is_denied_or_doubted_claims_nothing(page, text, expected):
    assert listed(text, page) == expected


WISHED = {
    "Domestic abuse": [
        ("We expect domestic abuse to fall over the winter.", ""),
        ("A fall in domestic abuse is expected.", ""),
        ("An increase in domestic abuse is likely over the summer.", ""),
        ("Domestic abuse is likely to rise.", ""),
        ("This will reduce domestic abuse.", ""),
        ("This would increase domestic abuse.", ""),
        ("Domestic abuse should fall.", ""),
        ("Domestic abuse may rise.", ""),
        ("The use of warrants increased.", ""),
        ("Concern about domestic abuse has increased.", ""),
        ("Patrols may have led to a fall in domestic abuse.", ""),
        ("Patrols have led to a fall in domestic abuse.", "fall"),
        ("We have started work to reduce domestic abuse.", ""),
        ("Reduce domestic abuse by visiting victims.", ""),
        ("Reduction in domestic abuse.", "Reduction"),
        ("Patrols could have reduced domestic abuse.", ""),
        ("The team aims to reduce domestic abuse.", ""),
        ("To reduce domestic abuse, officers visit repeat victims.", ""),
        ("A focus on reducing domestic abuse is shared by all districts.", ""),
        ("Reducing domestic abuse remains our priority.", ""),
        ("A reduction in domestic abuse remains our goal.", ""),
        ("If it rises, we will deploy more officers.", ""),
        ("We will respond should violence rise.", ""),
        ("Training is planned with the aim of reducing repeat victims.", ""),
        ("Operation Shield works to prevent further increases in domestic abuse.", ""),
        ("The force is committed to reducing domestic abuse.", ""),
        ("We want to see fewer victims of domestic abuse.", ""),
        ("There is potential risk of crime figures increasing.", ""),
        ("We hope that domestic abuse has fallen.", ""),
        ("Domestic abuse continued to fall in the quarter.", "fall"),
        ("Domestic abuse began to rise as restrictions eased.", "rise"),
        ("Our work has helped us to reduce domestic abuse.", "reduce"),
        ("Op Shield has helped reduce domestic abuse.", "reduce"),
        ("Targeted patrols led to a reduction in domestic abuse.", "reduction"),
        ("These tactics succeeded in reducing domestic abuse.", "reducing"),
        ("As anticipated, domestic abuse has fallen.", "fallen"),
        ("In May domestic abuse fell more than expected.", "fell"),
        ("We must respond to the rise in domestic abuse.", "rise"),
        ("The rise is expected to continue.", "rise"),
        ("Domestic abuse is falling, and we expect it to continue to fall.", "falling"),
        ("Patrols aimed at town centres reduced domestic abuse.", "reduced"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(WISHED))
def test_what_is_wished_or_expected_claims_nothing(page, text, expected):
    assert listed(text, page) == expected


BEFORE = {
    "Knife crime": [
        ("We dealt with tensions before they grew.", ""),
        ("Officers acted before knife crime increased.", ""),
        ("Before the pandemic knife crime rose.", "rose"),
        ("In the year before knife crime rose.", "rose"),
        ("Knife crime rose in July before falling in September.", "rose + falling"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(BEFORE))
def test_what_had_not_yet_happened_claims_nothing(page, text, expected):
    assert listed(text, page) == expected


OTHER_KINDS = {
    "Residential burglary": [
        ("Commercial burglary is up.", ""),
        ("Dwelling burglary is up.", "is up"),
        ("Theft of pedal cycles has increased by 40%.", ""),
        ("Theft from the person went up.", ""),
        ("Reports of suspicious behaviour have gone up.", ""),
        ("The number of mapped groups has risen from 28 to 31.", ""),
        ("School exclusions are rising.", ""),
        ("There was a rise in cuckooing.", ""),
        ("The Burglary Panel visits have doubled.", ""),
        ("1,200 people were trained, an increase of 400.", ""),
        ("A dip sample of 60 cases was read.", ""),
        ("Significantly higher than last year.", "higher"),
        ("Recorded offences rose.", "rose"),
        ("Six months were lower and six higher.", ""),
        ("Burglary usually rises as the nights draw in.", ""),
        ("Every year burglary increases in winter.", ""),
    ],
    "Knife crime": [
        ("Vehicle crime and begging fell.", ""),
        ("Knife-enabled crime fell.", "fell"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(OTHER_KINDS))
def test_what_the_page_has_no_figures_of_is_not_taken_for_its_measure(
    page, text, expected
):
    assert listed(text, page) == expected


DENIED_CHANGES = {
    "Hate crime": [
        ("Hate crime has not increased.", "increased"),
        ("Hate crime did not rise.", "rise"),
        ("Hate crime is no higher than last year.", "higher"),
        ("There has been no rise in hate crime.", "rise"),
        ("Hate crime did not fall.", ""),
        ("We cannot say that hate crime has not risen.", ""),
        ("Hate crime did not rise in every district.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(DENIED_CHANGES))
def test_a_change_that_is_denied_and_printed_is_listed(page, text, expected):
    assert listed(text, page) == expected


OTHERS = {
    "Knife crime": [
        ("Patrols increased by a fifth.", ""),
        ("Visibility in the hot spots has increased.", ""),
        ("Officer numbers have grown by 12.", ""),
        ("Staffing rose and training increased.", ""),
        ("Funding for knife crime work has been reduced.", ""),
        ("Confidence in the police has fallen among victims of knife crime.", ""),
        ("Awareness of knife crime in schools has increased.", ""),
        ("Reporting of knife crime has decreased.", ""),
        ("Knife crime training has been reduced.", ""),
        ("We have increased proactive operations in the town.", ""),
        ("The use of stop and search increased by 20%.", ""),
        ("Referrals into the team have risen.", ""),
        ("Staff absence fell.", ""),
        ("The number of venues open has grown.", ""),
        ("Violence in schools fell.", "fell"),
        ("Violence against officers fell.", "fell"),
        ("Reports about knife crime fell.", "fell"),
        ("More crime prevention advice was given.", ""),
        ("The Violence Reduction Unit visited schools.", ""),
        ("Robbery Team training places increased.", ""),
        ("Increased patrols reassured residents.", ""),
        ("Officers investigate increasingly complex cases.", ""),
        ("Reports of knife crime decreased.", "decreased"),
        ("It has gone up.", "gone up"),
        ("We have seen a rise.", "rise"),
        ("Volumes fell.", "fell"),
        ("Offences in the town centre fell.", "fell"),
        ("Although patrols increased, knife crime rose.", "rose"),
        ("Knife crime fell as patrols increased.", "fell"),
        ("Patrols reduced knife crime.", "reduced"),
        ("Officers attended the scene, and harm fell.", "fell"),
        ("Increased patrols led to fewer knife crimes.", "fewer"),
        ("Two cases fell under the new definition.", ""),
        ("The drop-in centre opened, which gave rise to questions.", ""),
    ],
    "Prevent referrals": [
        ("Referrals fell.", "fell"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(OTHERS))
def test_a_change_of_what_has_no_figures_is_not_compared(page, text, expected):
    assert listed(text, page) == expected


AMOUNTS = {
    "Fraud": [
        ("Cash seized was £85,825 less than the year before.", ""),
        ("Less cash was seized than the year before.", ""),
        ("Cash seized fell.", ""),
        ("More cash was seized than the year before.", "More"),
        ("Cash seized was £85,825 more than the year before.", "more"),
        ("Cash seized rose.", "rose"),
        ("Tagged offenders rose.", "rose"),
        ("Firearms recovered rose.", "rose"),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(AMOUNTS))
def test_what_has_no_word_is_compared_with_the_sign_of_its_difference(
    page, text, expected
):
    assert listed(text, page) == expected


DISTRICTS = {
    "Hate crime": [
        ("Hate crime rose in Basildon but fell in Harlow.", "fell"),
        ("Basildon rose and Harlow fell.", "fell"),
        ("In Basildon hate crime rose, in Harlow it fell.", "fell"),
        ("Harlow is higher, and Basildon is higher.", "higher"),
        ("Hate crime rose in both.", ""),
        ("Hate crime is lower in none of 2 districts, higher in 1.", ""),
        (
            "Compared with last year: higher in one, lower in two of five areas.",
            "lower in two of five areas",
        ),
        ("Hate crime rose in some districts and fell in the others.", ""),
        ("It fell in two districts, Harlow and Basildon.", "fell"),
        ("Hate crime fell in 2021 in the districts.", "fell"),
        ("Hate crime rose in all five districts.", "rose"),
        ("Hate crime rose in every district.", "rose"),
        ("Across all areas hate crime rose.", "rose"),
        ("Each of our districts saw a rise in hate crime.", "rise"),
        ("Hate crime rose everywhere.", "rose"),
        ("Hate crime rose, but not in every district.", ""),
        ("Hate crime rose in almost all districts.", "rose in almost all districts"),
        ("Hate crime rose in all areas of our work.", ""),
        ("Hate crime rose in all districts except Harlow.", ""),
        ("Hate crime rose in every district apart from Basildon.", "rose"),
        ("Hate crime rose in all districts but Harlow.", ""),
        ("Hate crime fell in Harlow but Basildon rose.", "fell"),
        ("Fraud fell in all districts.", ""),
        ("Fraud fell in every district and hate crime rose.", ""),
        ("Hate crime rose and fraud fell in every district.", ""),
    ],
}


SO_MANY = {
    "Shoplifting": [
        # Higher in three of five districts, lower in one.
        ("Shoplifting rose in three districts.", ""),
        ("Shoplifting rose in 3 of 5 districts.", ""),
        ("Shoplifting rose in three out of the five districts.", ""),
        ("Shoplifting rose in only two districts.", "rose in only two districts"),
        ("Shoplifting rose in four of our districts.", "rose in four of our districts"),
        ("Shoplifting rose by 12% in 4 districts.", "rose by 12% in 4 districts"),
        ("Shoplifting rose in at least three districts.", ""),
        (
            "Shoplifting rose in more than three districts.",
            "rose in more than three districts",
        ),
        ("Shoplifting rose in most districts.", ""),
        ("Shoplifting fell in most districts.", "fell in most districts"),
        ("Shoplifting fell in half of the districts.", "fell in half of the districts"),
        ("Shoplifting rose in nearly all districts.", ""),
        ("Shoplifting fell in some districts.", ""),
        (
            "Shoplifting was stable in none of the districts.",
            "was stable in none of the districts",
        ),
        ("Shoplifting was stable in one district.", ""),
        ("Four districts saw a rise in shoplifting.", "Four districts saw a rise"),
        ("Three districts saw a rise in shoplifting.", ""),
        ("Most of our districts were higher.", ""),
        ("Most districts fell.", "Most districts fell"),
        ("Shoplifting rose in three districts and fell in two.", "fell in two"),
        ("Shoplifting is higher in three of five districts, lower in 1.", ""),
        ("Shoplifting rose in two schools, and districts were told.", ""),
        ("Shoplifting rose in three of the last twelve months.", ""),
        ("Shoplifting rose in most areas of our work.", ""),
    ],
}


@pytest.mark.parametrize(("page", "text", "expected"), table(SO_MANY))
def test_a_number_of_districts_is_compared_with_those_that_have_the_word(
    page, text, expected
):
    assert listed(text, page) == expected


@pytest.mark.parametrize(("page", "text", "expected"), table(DISTRICTS))
def test_a_district_is_compared_with_the_claim_beside_it(page, text, expected):
    assert listed(text, page) == expected


SENTENCES = (QUARTER_TOO, NO_CHANGE, BETTER, WORDED, SO_MANY, OTHER_KINDS, DISTRICTS)
VOCABULARY = sorted(
    {
        word
        for rows in SENTENCES
        for cases in rows.values()
        for text, _ in cases
        for word in text.split()
    }
)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=40), st.sampled_from(CRIMES))
def test_no_sequence_of_words_stops_the_checks(words, page):
    for line in differing(" ".join(words), [page, *RESULTS], EVERY, [page]):
        assert "says \u201c" in line
