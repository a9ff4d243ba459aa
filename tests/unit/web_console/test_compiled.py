"""Templates of the web are compiled once in a process, and anew when they differ."""

import jinja2
from jinja2.bccache import Bucket

from chatcrew.web.console import load
from chatcrew.web.files import Files, _Compiled, read


def _code(files: Files, name: str) -> object:
    return files.templates.get_template(name).root_render_func.__code__


def test_a_second_console_of_a_process_compiles_no_template() -> None:
    """Half a second of a processor at each start; a forked child has what its parent compiled."""
    first, second = load(), load()

    assert first.templates is not second.templates
    names = first.templates.list_templates()
    assert names
    assert all(_code(first, name) is _code(second, name) for name in names)


def test_of_two_threads_that_compile_the_same_the_first_is_kept() -> None:
    """A console that was begun before and ends later takes nothing from who came between."""
    kept = _Compiled("a folder of nobody's")
    early, late, third = (Bucket(jinja2.Environment(), "one.html", "sum") for _ in range(3))
    early.code, late.code = (compile(f"{number}", "one.html", "exec") for number in (1, 2))

    kept.dump_bytecode(early)
    kept.dump_bytecode(late)
    kept.load_bytecode(third)

    assert third.code is early.code


def test_what_is_kept_is_a_texts_and_a_folders_own(tmp_path) -> None:
    """A changed template is shown as it is now; elsewhere other filters stand behind its words."""

    def shown(folder: str, text: str, shouted: str) -> str:
        templates = tmp_path / folder / "templates"
        templates.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "static").mkdir(exist_ok=True)
        (templates / "one.html").write_text(text, "utf-8")
        filters = {"loud": lambda word: word + shouted}
        files = read(tmp_path / folder, words={"en": {}}, headers={}, filters=filters)
        return files.render("one.html", "en")

    assert shown("a", "{{ 'oi' | loud }}", "!") == "oi!"
    assert shown("a", "{{ 'ei' | loud }}", "!") == "ei!"
    assert shown("b", "{{ 'oi' | loud }}", "?") == "oi?"
