"""HTML to an accessible archival PDF with WeasyPrint: the only place that knows the engine.

The variant is PDF/A-3a (ISO 19005-3): fonts and colours inside the file, so that it reads the same
in ten years, and tagged with structure, language and title, so that it can be read aloud.
"""

import atexit
import io
import logging
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec

_logger = logging.getLogger(__name__)
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
logging.getLogger("fontTools").setLevel(logging.WARNING)

VARIANT = "pdf/a-3a"
# Style sheets with their fonts that stay parsed: one for each company that prints.
KEPT_STYLES = 16

# Pango and fontconfig are not made for more than one thread at a time.
_lock = threading.Lock()


def is_engine_installed() -> bool:
    """Whether the package is there; cheap, unlike importing it."""
    return find_spec("weasyprint") is not None


def known_problem() -> str | None:
    """Like `engine_problem`, without the time that a first import takes: a system library that
    is missing is known once somebody has printed."""
    if not is_engine_installed() or engine_problem.cache_info().currsize:
        return engine_problem()
    return None


@lru_cache(maxsize=1)
def engine_problem() -> str | None:
    """Why PDFs can't be made with WeasyPrint on this machine, or None when they can."""
    try:
        import weasyprint  # noqa: F401
    except ImportError as error:
        return f"the Python package is missing ({error})"
    except OSError as error:
        return f"a system library is missing, usually libpango ({error})"
    return None


def render_pdf(
    html: str,
    css: str,
    title: str,
    lang: str,
    fetch: Callable[[str], bytes | None],
    files: Sequence[tuple[str, bytes, str]] = (),
) -> bytes:
    """Lay out one HTML document.

    :param css: style sheet; it is parsed once and kept
    :param fetch: gives the bytes behind a URL of the style sheet, None when there is nothing;
        only `data:` URLs are resolved without it, nothing comes from the network or a file
    :param files: name, content and description of what is embedded
    """
    from weasyprint import HTML, Attachment  # an optional dependency

    with _lock:
        style, fonts = _parse_css(css, fetch)
        source = HTML(string=html, url_fetcher=_get_fetcher(fetch))
        document = source.render(stylesheets=[style], font_config=fonts)
        document.metadata.title = title
        document.metadata.lang = lang
        document.metadata.attachments = [
            Attachment(
                file_obj=io.BytesIO(content),
                name=name,
                description=description,
                relationship="Supplement",
            )
            for name, content, description in files
        ]
        return document.write_pdf(pdf_variant=VARIANT)


@lru_cache(maxsize=KEPT_STYLES)
def _parse_css(css: str, fetch: Callable[[str], bytes | None]):
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return CSS(string=css, url_fetcher=_get_fetcher(fetch), font_config=fonts), fonts


# Fonts remove their temporary files while Python can still do that.
atexit.register(_parse_css.cache_clear)


@lru_cache(maxsize=KEPT_STYLES)
def _get_fetcher(fetch: Callable[[str], bytes | None]):
    """A URL fetcher that knows `data:` URLs and what `fetch` gives, and refuses the rest."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class LocalFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            if url.lower().startswith("data:"):
                return super().fetch(url, headers)
            content = fetch(url)
            if content is None:
                _logger.warning("Refused or missing in a PDF: %s", url[:80])
                raise ValueError(f"refused: {url[:80]}")
            return URLFetcherResponse(url, content)

    return LocalFetcher(allowed_protocols={"data"}, allow_redirects=False)
