"""The evaluator of the page asks what the library asks: on recorded dialogues, and the recording is what the library asks today."""

import json
from typing import Any

import pytest
from dialogues import COUNT, TABLE, asked, dialogue, read
from page_engine import Engine

NEXT = """(([start, steps]) => {
  const filled = (document, [head, ...rest], value) =>
    ({ ...document, [head]: rest.length ? filled(document[head] ?? {}, rest, value) : value });
  const skipped = [];
  let purchase = start;
  const ask = () => {
    const state = JSON.stringify([purchase, skipped]);
    return (seen[state] ??= [qmiEvaluator.nextQuestion(purchase, rows, "fr", skipped)?.fact ?? null])[0];
  };
  const found = [ask()];
  for (const [path, value] of steps) {
    if (value === null) skipped.push(path);
    else purchase = filled(purchase, path.split("."), value);
    found.push(ask());
  }
  return found;
})(it)"""


@pytest.fixture(scope="module")
def dialogues() -> list[tuple[dict[str, Any], list[list[Any]], str | None]]:
    return read()


def test_the_next_question_is_that_of_the_library_in_every_recorded_dialogue(dialogues):
    engine = Engine(TABLE)
    engine.run("var seen = {}")
    found = engine.each(NEXT, dialogues)
    expected = [[*(path for path, _ in steps), last] for _, steps, last in dialogues]
    assert [told for told in zip(dialogues, found, expected, strict=True) if told[1] != told[2]] == []


def test_the_dialogues_are_many_and_different(dialogues):
    assert len({json.dumps(told) for told in dialogues}) == COUNT
    assert len({path for _, steps, _ in dialogues for path, _ in steps}) >= 12
    assert sum(value is None for _, steps, _ in dialogues for _, value in steps) >= COUNT // 20


def test_the_library_asks_today_what_was_recorded(dialogues):
    for start, steps, last in dialogues[:: COUNT // 20]:
        assert [*dialogue(start, steps)][-1] == last, "record anew: python tests/page/dialogues.py"
    asked.cache_clear()
