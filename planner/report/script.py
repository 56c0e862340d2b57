"""The one script of the page: Vega, and a few lines that draw the figures."""

import base64
import hashlib
from functools import cache

import altair as alt
import vl_convert

DRAW = """
const options = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true,
  actions: {export: {svg: true, png: true}, source: false, compiled: false, editor: false},
};
for (const figure of document.querySelectorAll("figure[data-spec]")) {
  const name = figure.dataset.spec;
  const spec = JSON.parse(document.getElementById("spec-" + name).textContent);
  const chart = figure.querySelector(".chart");
  for (const parameter of spec.params) {
    if (parameter.name === "room") parameter.value = chart.clientWidth;
  }
  vegaEmbed(chart, spec, {...options, downloadFileName: name})
    .then(() => figure.classList.add("drawn"))
    .catch((error) => {
      chart.textContent = "This figure cannot be drawn: " + error.message;
    });
}
"""
"""What draws the figures: expressions are interpreted, so that the page needs no `eval`."""


@cache
def page_script() -> str:
    """Return the script of the page, all of it inline.

    Raises
    ------
    ValueError
        If the script could not stand within a page as it is.
    """
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    script = vl_convert.javascript_bundle(DRAW, version)
    if "</script" in script or "<!--" in script or "\r" in script:
        msg = "the bundle of Vega cannot stand inside a script element as it is"
        raise ValueError(msg)
    return str(script)


def content_hash(script: str) -> str:
    """Return the hash by which a content security policy lets one script run.

    W3C, Content Security Policy Level 3, section 2.3.1.
    """
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
