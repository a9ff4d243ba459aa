"""What an admin is told of files that do not hold: in plain words, where he looks (S2-07)."""

from structlog.testing import capture_logs

from chatcrew.app.news import SHOWN, News
from chatcrew.app.rehearsal import faults
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Fault

ROW = {
    "file": "config/domains/padaria/zz.tests.yaml",
    "line": 12,
    "name": "preço do pão",
    "kind": "says",
    "expected": "R$ 2",
    "got": "R$ 3",
    "tenant": "padaria/zz",
}


def test_a_refused_change_is_told_in_health_with_the_way_out() -> None:
    """First in the admin's language, then in English; which version stays is there, too."""
    news = News(Metrics())
    news.tell(faults([ROW]), version="abc", kept=True)

    status = news.status()
    assert status["in_force"] is False
    messages = status["messages"]
    assert isinstance(messages, list)
    (said,) = messages
    assert list(said) == ["pt-BR", "en"]
    assert "o teste de conversa 'preço do pão' falha: esperava says 'R$ 2'" in said["pt-BR"]
    assert "chatcrew test padaria/zz mostra o que o cliente leu" in said["pt-BR"]
    assert "chatcrew test padaria/zz shows" in said["en"]


def test_health_shows_the_first_faults_and_how_many_there_are() -> None:
    """A file of a hundred faults does not make a health check of a hundred kilobytes."""
    news = News(Metrics())
    many = [Fault("not_a_map", file="x.yaml", line=n, found="text") for n in range(SHOWN + 3)]
    news.tell(many, version="abc")

    status = news.status()
    assert status["faults"] == SHOWN + 3
    assert status["in_force"] is True
    assert len(status["messages"]) == SHOWN  # type: ignore[arg-type]  # a list, as JSON has it


def test_the_log_says_in_one_readable_line_what_does_not_hold_and_what_does_again() -> None:
    """Whoever reads the log without knowing its events reads what to do, in both languages."""
    news = News(Metrics())
    with capture_logs() as logs:
        news.tell(faults([ROW]), version="abc", kept=True)
        news.tell(faults([ROW]), version="abc", kept=True)
        news.tell((), version="def")

    assert [one["event"] for one in logs] == ["config.fault", "config.kept", "config.mended"]
    fault, kept, mended = (one["message"] for one in logs)
    assert "o teste de conversa 'preço do pão' falha" in fault
    assert "NÃO vale: 1 falha(s); segue a versão abc. Veja: chatcrew test padaria/zz" in kept
    assert "is NOT in force" in kept
    assert "o que está nos arquivos vale, versão def" in mended
    assert "in force, version def" in mended
    assert news.status() == {"faults": 0}


def test_other_faults_lead_to_the_check() -> None:
    """``chatcrew test`` would only stop at them."""
    news = News(Metrics())
    with capture_logs() as logs:
        other = Fault("not_a_map", file="x.yaml", line=1, found="text")
        news.tell([*faults([ROW]), other], version="abc", kept=True)

    (kept,) = [one["message"] for one in logs if one["event"] == "config.kept"]
    assert "Veja: chatcrew check" in kept
