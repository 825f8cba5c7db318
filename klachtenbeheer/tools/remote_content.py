"""Takes out of HTML whatever a browser would fetch from elsewhere when it is shown. No Odoo import.

Who sends a mail learns from such a fetch when, where and by whom it was read. What was a picture
becomes a link to it, that is followed by somebody who wants to, and tells not from which page.
"""

import re

import lxml.html
from lxml import etree

# Whose address is followed by a person, not by the browser.
LINKS = {"a", "area"}
# Fetched, or making something be fetched, without being a picture somebody could ask for.
DROPPED = (
    "script style link meta base iframe frame frameset object embed applet param form input button"
    " audio video source track picture svg math template portal noscript"
).split()
# Attributes whose value a browser fetches, or takes as such.
FETCHED = {
    "src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc", "longdesc", "cite",
    "action", "formaction", "manifest", "ping", "code", "codebase", "classid", "profile",
    "imagesrcset", "srcdoc", "icon", "usemap",
}  # fmt: skip
# Inside the mail itself, or a file of it that the platform keeps.
INSIDE = re.compile(r"^(cid:|data:image/(png|jpe?g|gif|webp|bmp);|/web/(image|content)/\d)", re.I)
# A style that names an address, or hides one in escapes.
STYLE_FETCHES = re.compile(r"url|image|src|import|expression|binding|@|\\|/\*|//", re.IGNORECASE)
SAFE_LINK = re.compile(r"^(https?:|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
NO_REFERRER = "noopener noreferrer nofollow"


def has_remote_content(html):
    """Whether showing this would fetch something, or could."""
    return bool(html) and block_remote_content(html, "{}") != _serialize(_parse(html))


def block_remote_content(html, label):
    """Return HTML of which nothing is fetched when it is shown.

    :param label: the words of the link in the place of a picture; {} is where it comes from
    """
    if not html:
        return html
    root = _parse(html)
    for element in list(root.iter()):
        if element is root:
            continue
        if not isinstance(element.tag, str):
            element.drop_tree() if hasattr(element, "drop_tree") else _remove(element)
        elif element.tag in ("img", "image"):
            _keep_or_link(element, label)
        elif element.tag in DROPPED:
            _replace_by_content(element)
        else:
            _clean_attributes(element)
    return _serialize(root)


def _keep_or_link(image, label):
    address = (image.get("src") or image.get("href") or "").strip()
    if INSIDE.match(address):
        _clean_attributes(image)
        return
    link = lxml.html.Element("a")
    if re.match(r"^(https?:)?//", address, re.IGNORECASE):
        link.set("href", address if ":" in address.split("//")[0] else f"https:{address}")
        link.set("target", "_blank")
        link.set("rel", NO_REFERRER)
        host = re.split(r"[/?#]", address.split("//", 1)[1], maxsplit=1)[0].rpartition("@")[2]
        link.text = f"[{label.format(host[:100])}]"
    else:
        link.tag = "span"
    link.tail = image.tail
    image.getparent().replace(image, link)


def _clean_attributes(element):
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].rpartition(":")[2].lower()
        if (
            (plain in FETCHED and not (plain == "src" and INSIDE.match(value.strip())))
            or (
                plain == "href" and (element.tag not in LINKS or not SAFE_LINK.match(value.strip()))
            )
            or plain.startswith("on")
        ):
            del element.attrib[name]
        elif plain == "style":
            _clean_style(element, name, value)
    if element.tag in LINKS and "href" in element.attrib:
        element.set("rel", NO_REFERRER)


def _clean_style(element, name, value):
    kept = [line for line in value.split(";") if not STYLE_FETCHES.search(line)]
    if len(kept) != len(value.split(";")):
        element.set(name, ";".join(kept))


def _replace_by_content(element):
    if element.tag in ("script", "style", "template"):
        _remove(element)  # what is in it is not for reading
        return
    for name in list(element.attrib):
        del element.attrib[name]
    element.tag = "span"


def _remove(element):
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _parse(html):
    # a parent of our own: also a text or several paragraphs are HTML
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    found = lxml.html.fragment_fromstring(html, create_parent="div", parser=parser)
    for line in list(found.iter(etree.Comment)):
        _remove(line)
    return found


def _serialize(root):
    text = lxml.html.tostring(root, encoding="unicode")
    return text[len("<div>") : -len("</div>")] if text.startswith("<div>") else text
