"""A valid configuration becomes the values the rest of the house reads (S4-16..27, S3-33)."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from chatcrew.hub import prompt, texts
from chatcrew.tenancy import Configuration, Directory, Route, Secret, load
from chatcrew.tenancy.vocabulary import PLACEHOLDERS, TEXT_KEYS

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})


def load_from(folder: Path) -> Configuration:
    """Load the configuration of a folder."""
    files = (folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews")
    return load(*files, tools=TOOLS)


@pytest.fixture(scope="module")
def loaded() -> Configuration:
    """Return the valid sample."""
    return load_from(VALID)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the valid sample that may be changed."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    return tmp_path


def rewrite(path: Path, before: str, after: str) -> None:
    """Replace what must be there."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_a_bot_has_everything_its_webhook_needs(loaded: Configuration) -> None:
    """Secrets stay references, by kind of sender (S4-42)."""
    bot = loaded.bots["acme-bot"]

    assert (bot.account, bot.account_id, bot.agent_bot_id) == ("acme", 7, 12)
    assert bot.base_url == "https://desk.acme.example"
    assert bot.signature == "required"
    assert bot.secrets == {
        "agent_bot": (Secret("env:ACME_NEW"), Secret("env:ACME_OLD")),
        "api_inbox": (Secret("env:ACME_I32"),),
    }
    assert bot.path_token == Secret("env:ACME_PATH")


def test_precedence_is_inbox_account_default_refuse(folder: Path) -> None:
    """Whoever is nearest decides; where nobody does, the route is None (S3-33)."""
    loaded = load_from(folder)
    assert loaded.route("acme", 32) == Route("shop/outlet", "api", "whatsapp")
    assert loaded.route("acme", 31) == Route("shop/acme", "whatsapp", "whatsapp")
    assert loaded.route("acme", 99) == Route("shop/acme", "_default", "_default")
    assert loaded.route("other", 31) is None

    mapping = folder / "chatwoot_mapping.yaml"
    rewrite(mapping, "version: 1\n", "version: 1\ndefault: {tenant: shop/outlet, channel: sms}\n")
    rewrite(mapping, "    tenant: shop/acme\n", "")
    loaded = load_from(folder)
    assert loaded.route("acme", 32) == Route("shop/outlet", "api", "whatsapp")
    assert loaded.route("acme", 31) == Route("shop/outlet", "whatsapp", "whatsapp")
    assert loaded.route("acme", 99) == Route("shop/outlet", "sms", "_default")
    assert loaded.route("other", None) == Route("shop/outlet", "sms", "_default")


def test_chatwoot_tells_the_channel_where_the_mapping_does_not(loaded: Configuration) -> None:
    """An unlisted inbox of a mapped account still speaks as its channel does (S4-19)."""
    known = loaded.route("acme", 99, channel_class="Channel::Whatsapp")
    other = loaded.route("acme", 99, channel_class="Channel::Sms")
    listed = loaded.route("acme", 31, channel_class="Channel::Email")

    assert known == Route("shop/acme", "whatsapp", "whatsapp")
    assert other == Route("shop/acme", "sms", "_default")
    assert listed == Route("shop/acme", "whatsapp", "whatsapp")


def test_a_tenant_is_its_own_file_over_its_domain(loaded: Configuration) -> None:
    """Maps merge; rules add up, the domain's first; entries add up, the tenant's first."""
    tenant = loaded.tenants["shop/acme"]

    assert (tenant.persona.name, tenant.persona.tone) == ("Ana", "calmo")
    assert tenant.rules == ("Não prometa desconto.", "Fale da Acme.")
    assert tenant.facts == {"site": "https://shop.example"}
    assert [entry.answer for entry in tenant.faq] == [
        "Entregamos em todo o Brasil.",
        "Das 9h às 17h.",
    ]
    assert tenant.faq[0].also == ("Tem entrega?",)
    assert [intent.name for intent in tenant.intents] == ["book", "greeting"]
    assert tenant.professionals[0].slots == ("mon 08:00-12:00", "tue 08:00-12:00")
    assert (tenant.functions, tenant.default_function) == (("support", "scheduling"), "support")


def test_every_entry_knows_its_file_and_line(loaded: Configuration) -> None:
    """The operator is shown where an answer comes from."""
    tenant = loaded.tenants["shop/acme"]

    assert tenant.faq[1].place == ("config/domains/shop/acme.yaml", 9)
    assert tenant.intents[1].place == ("config/domains/shop/_base.yaml", 12)


def test_tenants_of_one_domain_share_only_the_domain(loaded: Configuration) -> None:
    """Nothing of one tenant is seen in another (S2-35)."""
    outlet = loaded.tenants["shop/outlet"]

    assert outlet.timezone == "America/Manaus"
    assert [entry.answer for entry in outlet.faq] == ["Das 8h às 18h."]
    assert outlet.professionals == ()
    assert "Fale da Acme." not in outlet.rules


def test_an_intent_of_the_domain_is_left_out_where_its_function_is_missing(folder: Path) -> None:
    """A domain may offer what one of its tenants does not have."""
    base = folder / "config/domains/shop/_base.yaml"
    rewrite(
        base,
        "intents:\n",
        "intents:\n  - {name: times, phrases: [horários], action: route, route: scheduling}\n",
    )

    loaded = load_from(folder)

    assert "times" in [intent.name for intent in loaded.tenants["shop/acme"].intents]
    assert "times" not in [intent.name for intent in loaded.tenants["shop/outlet"].intents]


def test_the_version_changes_with_any_byte_and_only_then(folder: Path, tmp_path: Path) -> None:
    """Every file but tests counts, the folder's place on the machine does not (S4-29)."""
    first = load_from(folder).version
    assert first == load_from(VALID).version
    assert len(first) == 12

    seen = {first}
    files = [path for path in sorted(tmp_path.rglob("*.yaml")) if ".tests." not in path.name]
    for path in files:
        with path.open("a", encoding="utf-8") as file:
            file.write("# one more line\n")
        seen.add(load_from(folder).version)
    assert len(seen) == 1 + len(files)

    (folder / "crews" / "README.md").write_text("not configuration")
    assert load_from(folder).version in seen


def test_a_renamed_tenant_is_another_version(folder: Path) -> None:
    """Names count as much as bytes."""
    before = load_from(folder).version
    shop = folder / "config/domains/shop"
    (shop / "spare.yaml").write_bytes((shop / "outlet.yaml").read_bytes())
    spare = load_from(folder).version
    (shop / "spare.yaml").rename(shop / "other.yaml")

    assert len({before, spare, load_from(folder).version}) == 3


def test_turns_in_flight_keep_their_version(loaded: Configuration) -> None:
    """A swap changes what new turns run with, and the last versions stay within reach."""
    versions = [dataclasses.replace(loaded, version=f"v{number}") for number in range(4)]
    directory = Directory(versions[0], keep=3)

    assert [directory.swap(one) for one in (versions[0], *versions[1:])] == [False] + [True] * 3
    assert directory.current is versions[3]
    assert directory.get("v0") is None
    assert directory.get("v1") is versions[1]


def test_the_hub_fills_every_placeholder_that_a_crew_may_use() -> None:
    """The closed list is the one that ``hub.prompt`` gives: no more, no less."""
    source = Path(prompt.__file__).read_text(encoding="utf-8")
    given = source.split("return {", 1)[1].split("\n    }", 1)[0]
    keys = {line.split('"')[1] for line in given.splitlines() if line.strip().startswith('"')}

    assert keys == PLACEHOLDERS


def test_every_text_a_tenant_may_word_is_one_the_hub_says() -> None:
    """A text nobody says would be a promise nobody keeps."""
    assert set(texts.DEFAULTS) == TEXT_KEYS
