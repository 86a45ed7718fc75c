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
            guidelines=(
                "Tag each mention, also pronouns and metonyms (a capital for its government), and choose whom it means. "
                "Leave out places that only say where something happens."
            ),
            examples=("the United States", "Washington", "both parties", "he"),
            fields=(
                Field(
                    "form",
                    "choice",
                    ("name", "description", "pronoun", "metonym"),
                    "How the article refers to the actor",
                    choice_help=(("metonym", "One thing named for another: Damascus for the Syrian government."),),
                ),
            ),
        ),
        Layer(
            id="layer-claim",
            name="Claim",
            color="#925500",
            shortcut="C",
            registry="claims",
            mark="tint",
            description="What is said: the proposition, without the words that attribute it.",
            guidelines=(
                "Tag the whole of what is said, from its first word to its last; where words of the article stand between, "
                "add the rest as a further fragment. Two propositions are two claims."
            ),
            examples=("the American initiative ensures the cessation of all military activities",),
            fields=(
                Field(
                    "type",
                    "choice",
                    ("fact", "evaluation", "policy", "commitment", "prediction"),
                    "What kind of thing is said",
                    choice_help=(
                        ("fact", "Something is, was or happened, true or not."),
                        ("evaluation", "Something is good or bad, right or wrong."),
                        ("policy", "Something should be done."),
                        ("commitment", "The source will do something."),
                        ("prediction", "Something will happen."),
                    ),
                ),
                Field(
                    "form",
                    "choice",
                    ("direct", "indirect", "mixed"),
                    "Whether the source's own words are given",
                    choice_help=(("mixed", "Indirect speech with some words in quotation marks."),),
                ),
                Field(
                    "polarity", "choice", ("asserted", "denied"), "Whether the source says that it is so, or that not"
                ),
                Field(
                    "certainty",
                    "choice",
                    ("certain", "probable", "possible", "unknown"),
                    "How sure the source sounds, not the article",
                ),
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
            guidelines=(
                "Tag the words that name the source, with what describes it. Who only passes a claim on is a source too: "
                "tag it as the reporter of the attribution."
            ),
            examples=("a Syrian official", "Western media", "the statement"),
            fields=(
                Field(
                    "identity",
                    "choice",
                    ("named", "anonymous", "collective", "unspecified", "author"),
                    "How far the source can be told",
                    choice_help=(
                        ("anonymous", "One source, described but not named."),
                        ("collective", "Several who speak as one: observers, media."),
                        ("unspecified", "Nobody is mentioned: it was reported that."),
                        ("author", "The article itself."),
                    ),
                ),
                Field(
                    "kind",
                    "choice",
                    ("official", "expert", "media", "document", "witness", "organisation", "citizen", "other"),
                ),
                Field("access", "choice", ("first-hand", "relayed"), "Whether it speaks here, or others pass it on"),
            ),
        ),
        Layer(
            id="layer-cue",
            name="Cue",
            color="#10705D",
            shortcut="Q",
            mark="dots",
            description="The words that attribute: said, confirmed, according to.",
            guidelines="Tag the shortest stretch that attributes, with its negation and its auxiliaries.",
            examples=("said", "according to", "was quoted as saying", "did not confirm"),
            fields=(
                Field(
                    "stance",
                    "choice",
                    ("neutral", "supportive", "distancing"),
                    "What the cue lets one think of the claim",
                    examples=("said", "revealed", "alleged"),
                ),
                Field("hedged", "boolean", description="Whether the cue itself is weakened: reportedly, is said to"),
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
