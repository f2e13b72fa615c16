"""Plain words: those that carry no claim of their own, and those that count something."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP = _words(
    """
    a about above after again all also am an and any are as at be because been before being below
    best between both but by can case come could coming day days dear did do does doing down during
    each either else email e-mail few for from further get glad good got great had happy has have
    having he hear hello help her here hers hi him his hope how i i'd i'll i'm i've if in into is it
    it's its just kind know last later let like little look looking made mail make many may me might
    mind minute minutes moment more most much must my need new next no nor not now of off on once
    one only or other our ours out over own perhaps please point possible question quite rather
    reply right same say see send share she short should so some somebody someone soon still such
    sure take talk tell than thank thanks that that's the their them then there these they thing
    think this those through time to together too under until up us very want wanted was way we
    we'd we'll we're we've week weeks well were what when where whether which while who whom why
    will wish with within without word words would write writing wrote yes yet you you'd you'll
    you're you've your yours
    """
)

NO_NAMES = _words(
    """
    although another as best congratulations despite every finally first given having hello hi
    however kind maybe meanwhile once second since sincerely thanks today tomorrow unlike until
    warm warmly while
    """
)
"""Words that may begin a sentence before a name without being part of it."""

CAPITALS = _words(
    """
    I I'd I'll I'm I've OK PS P.S CEO CTO CFO COO CRM IT AI API HR PR FAQ PDF URL Re RE FYI ASAP
    Mr Mrs Ms Dr Prof Hello Hi Dear Best Kind English
    """
)
"""Words that are written large, and name nobody."""

_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")

COUNTS: dict[str, str] = {word: str(n) for n, word in enumerate(_NUMBERS, start=2)} | {
    "twelve": "12",
    "dozen": "dozen",
    "dozens": "dozen",
    "hundred": "hundred",
    "hundreds": "hundred",
    "thousand": "thousand",
    "thousands": "thousand",
    "million": "million",
    "millions": "million",
    "billion": "billion",
    "billions": "billion",
    "half": "half",
    "twice": "twice",
    "double": "double",
    "doubled": "double",
    "doubles": "double",
    "triple": "triple",
    "tripled": "triple",
}
"""Words that are figures, each in one spelling."""
