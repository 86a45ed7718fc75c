"""The codebook a new project starts with. Data, not code: a project may change all of it.

The ids are fixed, so that projects begun apart merge without a question.
"""

from annotator.domain.codebook import Codebook, Field, Layer, LinkType, Registry, Role

_ACTOR_KINDS = ("person", "organisation", "state", "group", "media", "role", "other")

DEFAULT_CODEBOOK = Codebook(
    layers=(
        Layer(
            id="layer-actor",
            name="Actor",
            color="#1B54B4",
            shortcut="A",
            registry="actors",
            mark="underline",
            description="A person, organisation, state or group that the article names or refers to.",
            fields=(Field("form", "choice", ("name", "description", "pronoun", "metonym")),),
        ),
        Layer(
            id="layer-claim",
            name="Claim",
            color="#925500",
            shortcut="C",
            registry="claims",
            mark="tint",
            description="What is said: the proposition, without the words that attribute it.",
            fields=(
                Field("type", "choice", ("fact", "evaluation", "policy", "commitment", "prediction")),
                Field("form", "choice", ("direct", "indirect", "mixed")),
                Field("polarity", "choice", ("asserted", "denied")),
                Field("certainty", "choice", ("certain", "probable", "possible", "unknown")),
            ),
        ),
        Layer(
            id="layer-source",
            name="Source",
            color="#6E1E63",
            shortcut="S",
            registry="actors",
            mark="outline",
            description="Who or what the claim is attributed to.",
            fields=(
                Field("identity", "choice", ("named", "anonymous", "collective", "unspecified", "author")),
                Field(
                    "kind",
                    "choice",
                    ("official", "expert", "media", "document", "witness", "organisation", "citizen", "other"),
                ),
                Field("access", "choice", ("first-hand", "relayed")),
            ),
        ),
        Layer(
            id="layer-cue",
            name="Cue",
            color="#10705D",
            shortcut="Q",
            mark="dots",
            description="The words that attribute: said, confirmed, according to.",
            fields=(
                Field("stance", "choice", ("neutral", "supportive", "distancing")),
                Field("hedged", "boolean"),
            ),
        ),
    ),
    link_types=(
        LinkType(
            id="link-attribution",
            name="Attribution",
            description="Who says what. A relay holds the attribution it passes on in its claim role.",
            roles=(
                Role("claim", layers=("Claim",), links=("Attribution",), min=1),
                Role("source", layers=("Source",)),
                Role("cue", layers=("Cue",)),
                Role("addressee", layers=("Actor",)),
            ),
        ),
        LinkType(
            id="link-about",
            name="About",
            description="Which actors a claim is about.",
            roles=(Role("claim", layers=("Claim",), min=1), Role("actor", layers=("Actor",), min=1)),
        ),
        LinkType(
            id="link-relation",
            name="Claim relation",
            description="How one claim stands to another.",
            roles=(Role("from", layers=("Claim",), min=1), Role("to", layers=("Claim",), min=1)),
            fields=(Field("relation", "choice", ("supports", "contradicts", "elaborates", "conditional on")),),
        ),
    ),
    registries=(
        Registry(
            id="registry-actors",
            name="actors",
            fields=(
                Field("kind", "choice", _ACTOR_KINDS),
                Field("wikidata", "text", description="Wikidata id, as Q30"),
            ),
        ),
        Registry(id="registry-claims", name="claims", fields=(Field("issue", "text", description="Issue code"),)),
    ),
    document_fields=(),
)
