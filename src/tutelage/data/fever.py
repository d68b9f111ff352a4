"""Claims and encyclopaedia articles: x both, x* the sentences marked as evidence, y whether they support the claim."""

import json
from pathlib import Path

from tutelage.data.words import Text, marked, words


def read(raw: Path) -> list[Text]:
    """The claims of val.jsonl, each with the article that its evidence is from; a group an article."""
    made = []
    for line in (raw / "val.jsonl").read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        evidence = [one for of in claim["evidences"] for one in of]
        article = evidence[0]["docid"]
        text = (raw / "docs" / article).read_text(encoding="utf-8")
        said, marks = words(claim["query"]), " ".join(one["text"] for one in evidence)
        made.append(Text(_met(said, text), _met(said, marks), claim["classification"].lower(), article))
    return made


def _met(claim: list[str], text: str) -> list[str]:
    """Words of the claim, which of them the text has and which not, and the text's own."""
    told = set(words(text))
    return [
        *marked("claim", claim),
        *marked("both", [word for word in claim if word in told]),
        *marked("missing", [word for word in claim if word not in told]),
        *marked("text", sorted(told)),
    ]
