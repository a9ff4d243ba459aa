"""The transcription API: what is asked in a form, and what its answer says, without any I/O."""

from chatcrew.errors import ModelUnavailable
from chatcrew.llm._faults import Fault, from_fault
from chatcrew.llm._wire import decoded, is_fault, read_usage
from chatcrew.messages import SpeechRequest, Transcript, Usage, clean_text

PATH = "/audio/transcriptions"

_EXTENSIONS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/amr": "amr",
}


def fields(request: SpeechRequest) -> dict[str, str]:
    """Return the form beside the file; ``json`` is the only answer that every model has."""
    asked = {"model": request.model, "response_format": "json"}
    return asked | ({"language": request.language} if request.language else {})


def file(request: SpeechRequest) -> tuple[str, bytes, str]:
    """Return the file of the form: its name, bytes and media type.

    Providers tell the format by the name's extension; the customer's own name stays here.
    """
    extension = _EXTENSIONS.get(request.media_type, "bin")
    return f"audio.{extension}", request.data, request.media_type


def read_transcript(body: bytes, request: SpeechRequest) -> Transcript:
    """Read the answer; what it does not say of the length, the file's own header does.

    Raises:
        ModelError: the body says that the call failed, or is no transcript at all.
    """
    data = decoded(body)
    if isinstance(data, dict) and is_fault(data):
        raise from_fault(Fault.read(None, data))
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(text, str):
        raise ModelUnavailable("the answer is no transcript", kind="unavailable", retryable=True)
    usage = data.get("usage")
    tokens = read_usage(usage)
    told = usage.get("seconds") if isinstance(usage, dict) else data.get("duration")
    known = isinstance(told, int | float) and not isinstance(told, bool) and told > 0
    return Transcript(
        clean_text(text).strip(),
        Usage(
            tokens.prompt_tokens,
            tokens.completion_tokens,
            tokens.cached_tokens,
            audio_seconds=float(told) if known and told is not None else request.seconds,
        ),
    )
