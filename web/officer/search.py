"""Which matter is meant: Chinese text, pinyin, initials and everyday words → matters, best first.

The index is built once from what the packs say of each matter (name, words, labels of fact
values) and from the district's everyday phrases. A hit carries the facts that the words settle:
井盖供水 is the matter of road assets with the asset already known. No learning, no network: the
same words give the same hits.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.model import Catalogue, Fact, Matter, Text
from web.officer.spelling import Sound, fuzzy, han, latin, plain, sound

MOST = 8
FAINT = 0.1
"""Hits that fit less than this share of the best one are noise."""
SHORT = 8
"""Longer than this a text tells a story, in which a label of a value may mean something else."""
_NAME, _WORD, _LABEL, _ENGLISH, _SENTENCE = 3.0, 3.0, 2.0, 1.5, 0.6
_SPLITTERS = "（）()、/·,，;；:：-—[]【】"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Everyday words for one matter, with the facts that they settle."""

    words: tuple[str, ...]
    matter: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a fact that the words may mean."""

    fact: str
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Hit:
    """A matter that may be meant.

    `facts` are settled by the words; `choices` are values of one fact between which the words
    do not decide.
    """

    matter: Matter
    facts: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    weight: float
    sound: Sound | None
    facts: tuple[tuple[str, str], ...] = ()


class Index:
    """The matters of a catalogue, ready to be searched; immutable once built."""

    def __init__(self, catalogue: Catalogue, phrases: Iterable[Phrase] = ()) -> None:
        self._matters = dict(catalogue.matters)
        said = defaultdict(list)
        for phrase in phrases:
            said[phrase.matter].append(phrase)
        rules: dict[str, list[str]] = defaultdict(list)
        for rule in catalogue.rules.values():
            for code in rule.matters:
                rules[code].append(rule.says.zh)
        self._terms = {code: _terms(matter, said[code]) for code, matter in self._matters.items()}
        self._grams = {code: _weights(terms, rules[code]) for code, terms in self._terms.items()}
        held = Counter(gram for grams in self._grams.values() for gram in grams)
        count = max(1, len(self._matters))
        self._rarity = {gram: math.log(1 + count / n) for gram, n in held.items()}
        self._tokens = {code: _english(terms) for code, terms in self._terms.items()}
        shared = Counter(token for tokens in self._tokens.values() for token in tokens)
        self._token_rarity = {token: math.log(1 + count / n) for token, n in shared.items()}

    def find(self, typed: str, on: date | None = None, most: int = MOST) -> tuple[Hit, ...]:
        """The matters that `typed` may mean, best first; empty when none fits.

        With `on`, matters that a pack covers on that day come before those that it does not.
        """
        text = plain(typed)
        if not text:
            return ()
        found = []
        for code, matter in self._matters.items():
            score = self._score(code, text)
            if score > 0:
                covered = on is None or matter.covers(on)
                found.append((not covered, -score, code))
        found.sort()
        worth = max((-score for _, score, _ in found), default=0.0) * FAINT
        return tuple(
            self._hit(code, text, -score) for _, score, code in found[:most] if -score >= worth
        )

    # --- how well a matter fits --------------------------------------------------------------

    def _score(self, code: str, text: str) -> float:
        chinese = han(text)
        letters = latin(text)
        if text.replace(" ", "") == plain(code).replace(" ", ""):
            return 100.0
        score = sum(self._chinese(code, run) for run in chinese)
        if letters:
            spoken = max(
                self._spoken(code, "".join(letters)),
                sum(self._spoken(code, one) for one in letters) / len(letters),
            )
            score += max(spoken, self._worded(code, letters))
        return score

    def _chinese(self, code: str, run: str) -> float:
        weights = self._grams[code]
        score = 0.0
        for gram in set(_grams(run)):
            if gram in weights:
                worth = 1.0 if len(gram) > 1 else 0.2
                score += worth * weights[gram] * self._rarity[gram]
        best = 0.0
        for term in self._terms[code]:
            best = max(best, term.weight * _overlap(term.text, run))
        return score + best

    def _spoken(self, code: str, letters: str) -> float:
        best = 0.0
        for term in self._terms[code]:
            if term.sound is not None:
                best = max(best, term.weight * _heard(term.sound, letters))
        return best

    def _worded(self, code: str, letters: Sequence[str]) -> float:
        tokens = self._tokens[code]
        score = 0.0
        for typed in letters:
            if len(typed) < 2:
                continue
            stem = _stem(typed)
            fits = [
                weight * self._token_rarity[token] * (1.0 if token == stem else 0.7)
                for token, weight in tokens.items()
                if token == stem or (len(typed) > 2 and token.startswith(stem))
            ]
            score += max(fits, default=0.0)
        return score

    # --- which facts the words settle --------------------------------------------------------

    def _hit(self, code: str, text: str, score: float) -> Hit:
        matter = self._matters[code]
        runs = han(text) or self._heard_as(code, "".join(latin(text)))
        settled = self._by_phrases(code, runs)
        choices: list[Choice] = []
        if sum(map(len, runs)) <= SHORT:
            for fact in matter.facts:
                if fact.name in settled or fact.place is not None or fact.is_number:
                    continue
                values = _meant(fact, runs)
                if len(values) == 1:
                    settled[fact.name] = values[0]
                elif len(values) > 1 and not choices:
                    choices = [Choice(fact.name, one, fact.values[one]) for one in values]
        return Hit(matter, tuple(settled.items()), tuple(choices), score)

    def _heard_as(self, code: str, letters: str) -> tuple[str, ...]:
        """The word of the matter that the letters sound like most; empty when like none."""
        heard = [
            (term.weight * _heard(term.sound, letters), -len(term.text), term.text)
            for term in self._terms[code]
            if term.sound is not None
        ]
        best = max(heard, default=(0.0, 0, ""))
        return han(best[2]) if best[0] > 0 else ()

    def _by_phrases(self, code: str, runs: Sequence[str]) -> dict[str, str]:
        """The facts of the everyday phrases that were said; a longer one goes before a shorter."""
        said = [term for term in self._terms[code] if any(term.text in run for run in runs)]
        settled: dict[str, str] = {}
        for term in sorted(said, key=lambda term: -len(term.text)):
            for name, value in term.facts:
                settled.setdefault(name, value)
        return settled


# --- the terms of a matter ---------------------------------------------------------------------


def _terms(matter: Matter, phrases: Iterable[Phrase]) -> tuple[_Term, ...]:
    found = [_term(matter.name.zh, _NAME), _term(matter.name.en, _ENGLISH)]
    found += [_term(word, _WORD) for word in matter.words]
    for phrase in phrases:
        found += [_term(word, _WORD, phrase.facts) for word in phrase.words]
    for fact in matter.facts:
        weight = _LABEL if fact.place is None else _LABEL / 3
        for label in fact.values.values():
            found += [_term(part, weight) for part in _parts(label.zh)]
            found.append(_term(label.en, _ENGLISH / 2))
    return tuple(term for term in found if term.text)


def _term(text: str, weight: float, facts: tuple[tuple[str, str], ...] = ()) -> _Term:
    kept = plain(text)
    return _Term(kept, weight, sound(kept) if han(kept) else None, facts)


def _parts(label: str) -> tuple[str, ...]:
    """A label and its pieces between brackets, dashes and stops: 井盖（供水） → 井盖, 供水."""
    for mark in _SPLITTERS:
        label = label.replace(mark, " ")
    whole = plain(label)
    return tuple(dict.fromkeys((whole, *whole.split())))


def _grams(run: str) -> tuple[str, ...]:
    return tuple(run) + tuple(run[at : at + 2] for at in range(len(run) - 1))


def _weights(terms: Iterable[_Term], sentences: Iterable[str]) -> Mapping[str, float]:
    """Each single character and pair of a matter's words, with the weight of its best word."""
    found: dict[str, float] = {}
    weighed = [(term.text, term.weight) for term in terms]
    weighed += [(plain(one), _SENTENCE) for one in sentences]
    for text, weight in weighed:
        for run in han(text):
            for gram in _grams(run):
                found[gram] = max(found.get(gram, 0.0), weight)
    return found


def _english(terms: Iterable[_Term]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for term in terms:
        for token in latin(term.text):
            if len(token) > 1:
                stem = _stem(token)
                found[stem] = max(found.get(stem, 0.0), term.weight)
    return found


def _stem(token: str) -> str:
    for ending in ("ings", "ing", "ies", "es", "s", "ed"):
        if token.endswith(ending) and len(token) - len(ending) >= 3:
            return token[: -len(ending)]
    return token


# --- how well words fit ------------------------------------------------------------------------


def _overlap(term: str, run: str) -> float:
    """How much of one is in the other, 0 to about 6; a long word found whole counts most."""
    if term == run:
        return 6.0
    if len(run) > 1 and run in term:
        return 3.0 * len(run) / len(term) + 1.0
    if len(term) > 1 and term in run:
        return min(4.0, 0.9 * len(term)) + len(term) / len(run)
    return 0.0


def _heard(said: Sound, letters: str) -> float:
    """How well letters fit a word as its pinyin or its initials, 0 to about 6."""
    exact = _spelt(said.whole, said.starts, letters)
    if exact:
        return exact
    return max(_initials(said.initials, letters), _misheard(said.whole, letters))


def _initials(initials: str, letters: str) -> float:
    if min(len(letters), len(initials)) < 2:
        return 0.0
    if initials == letters:
        return 4.5
    if initials.startswith(letters):
        return 3.0 if len(letters) > 2 else 2.0
    return 2.0 if len(letters) > 2 and letters in initials else 0.0


def _misheard(whole: str, letters: str) -> float:
    if len(letters) < 4:
        return 0.0
    said, typed = fuzzy(whole), fuzzy(letters)
    if said == typed:
        return 4.0
    return 2.5 if said.startswith(typed) else 0.0


def _spelt(whole: str, starts: Sequence[int], letters: str) -> float:
    if len(letters) < 2 or len(whole) < 2:
        return 0.0
    if whole == letters:
        return 6.0
    if whole.startswith(letters):
        return 3.0 + 2.0 * len(letters) / len(whole)
    if len(letters) > 2 and any(whole.startswith(letters, at) for at in starts):
        return 2.0 + 2.0 * len(letters) / len(whole)
    if len(whole) > 4 and len(starts) > 1 and whole in letters:
        return 2.0 + 3.0 * len(whole) / len(letters)
    return 0.0


def _meant(fact: Fact, runs: Sequence[str]) -> tuple[str, ...]:
    """The values whose labels share most with what was said; several when it does not decide.

    A pair of characters that many labels have says little: 井盖 alone leaves every kind of cover,
    供水 beside it one of them.
    """
    said = {pair for run in runs for pair in _pairs(run)}
    labels = {value: _label_pairs(label.zh) for value, label in fact.values.items()}
    held = Counter(pair for pairs in labels.values() for pair in pairs)
    scores = {
        value: sum(1 / held[pair] for pair in pairs & said) for value, pairs in labels.items()
    }
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return ()
    return tuple(value for value, score in scores.items() if score == best)


def _pairs(run: str) -> set[str]:
    return {run[at : at + 2] for at in range(len(run) - 1)}


def _label_pairs(label: str) -> set[str]:
    return {pair for run in han(plain(label)) for pair in _pairs(run)}
