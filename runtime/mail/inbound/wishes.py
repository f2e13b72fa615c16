"""Wishes: whether somebody asks to get no more mail, in the languages we have met.

Too much is better than too little: what is suppressed by mistake a person may lift, and
is asked about at once; a wish that was not seen costs trust.  Yet "please stop by" is an
invitation, and a link in a company's own footer is nobody's wish.
"""

import re
import unicodedata

_LONGEST = 4_000
"""Characters of new words that are looked at: a wish is not hidden behind pages."""

_NOT_A_WISH = re.compile(r"https?://|www\.|\b(click|klick|cliquez|clic|here|hier)\b|newsletter")

_WISHES = re.compile(
    r"""
    \bunsubscribe\b | \bun-subscribe\b | \bopt(ing)?[ -]?(me[ ])?out\b
    | \b(remove|delete|take)\ (me|us|my\ (e-?mail|address|data|name))\b(?!\ up)
    | \btake\ (me|us)\ off\b
    | \bstop\ (send|email|e-mail|mail|writ|contact|spam|messag|bother)\w*
    | \bplease\ stop\ this\b
    | \b(do\ not|don'?t|never)\ (e-?mail|contact|write|message|send)\b.{0,40}
      \b(me|us|again|any\ ?more|further)\b
    | \bno\ (more|further)\ (e-?)?(mails?|messages?|contact|correspondence)\b
    | \bleave\ (me|us)\ alone\b
    | \bkeine?\ (weiteren?\ |mehr\ )?(e-?)?(mails?|nachrichten|werbung|anschreiben)\b.{0,25}
      \b(mehr|schicken|senden|zusenden|bitte)\b
    | \bkeine?\ (weiteren|mehr)\ (e-?)?(mails?|nachrichten|werbung|anfragen|anschreiben)\b
    | \bnicht\ (mehr|weiter|wieder)\ (an|kontaktier|anschreib|angeschrieben|mailen|schreiben|melden)
    | \b(schreiben|kontaktieren|mailen)\ sie\ (mich|uns|mir)\b.{0,20}\bnicht\b
    | \bverteiler\b.{0,30}\b(nehmen|streichen|loschen|entfernen|austragen)
    | \b(streichen|loschen|entfernen|nehmen)\ sie\ (mich|uns|meine|bitte\ mein)
    | \b(abmelden|austragen|abbestellen)\b
    | \bin\ ruhe\b
    | \bdesabonn\w+ | \bdesinscri\w+
    | \b(ne|n')\ ?(plus|m'ecri\w+|me\ contact\w+|m'envo\w+)\b.{0,25}
      \b(recevoir|contacter|ecrire|plus|solliciter)\b
    | \bretire[zr]\ ?-?\ ?(moi|mon)\b | \barretez\ de\b | \bsupprimez[ -](moi|mon|mes)\b
    | \bdar(me|nos)?\ de\ baja\b | \bdeme\ de\ baja\b | \beliminen?me\b | \bborren?me\b
    | \bno\ (quiero|deseo|queremos)\ (recibir|mas)\b | \bno\ me\ (escriba|contacte|envie)\w*
    | \bdejen?\ de\ (escribir|enviar|contactar|mandar)
    | \bdisiscri\w+ | \bcancella(temi|rmi)\b | \brimuove(temi|rmi)\b
    | \bnon\ (scrivetemi|contattatemi)\b
    | \buitschrijven\b | \bafmelden\b | \bgeen\ (e-?)?mails?\ meer\b | \bverwijder\ (mij|me)\b
    | \bdescadastr\w+ | \bremova[ -]me\b | \bnao\ (quero|desejo)\ (mais\ )?receber\b
    """,
    re.VERBOSE,
)
_BARE = re.compile(
    r"(please |bitte )?(stop|stopp|stop it|remove|unsubscribe|opt ?out|abmelden|baja)"
    r"( please| bitte)?"
)
_DENIED = re.compile(r"\b(not|n't|never|nicht|pas|no)( want)?( to)? $")


def wants_no_mail(words: str) -> bool:
    """Tell whether new words, without quotations, ask for no more mail."""
    plain = _plain(words[:_LONGEST])
    if _BARE.fullmatch(re.sub(r"[^\w ]+", "", plain).strip()):
        return True
    return any(_in_sentence(sentence) for sentence in re.split(r"[\n.!?;]+", plain))


def _in_sentence(sentence: str) -> bool:
    if _NOT_A_WISH.search(sentence):
        return False
    return any(not _denied(sentence, found) for found in _WISHES.finditer(sentence))


def _denied(sentence: str, found: "re.Match[str]") -> bool:
    """Tell whether "do not" stands right before a wish to be removed."""
    begins_so = found[0].startswith(("remove", "delete", "take", "unsub", "opt", "stop"))
    return begins_so and bool(_DENIED.search(sentence[max(0, found.start() - 20) : found.start()]))


def _plain(text: str) -> str:
    """Return the text folded: small letters, no accents, one kind of apostrophe and of space."""
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^\S\n]+", " ", bare)
