"""Page: what the few pages of the door have in common, from their ink to their policy.

One look in light and dark, no script, no request to anywhere, and nothing that a search
engine should keep.
"""

import secrets

from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1c1b1a, #ecebe8);
  --paper: light-dark(#fbfaf8, #191817); --quiet: light-dark(#5f5b55, #a8a39b);
  --line: light-dark(#dedad3, #36332f); }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
p { margin: 0 0 1.5rem; text-wrap: pretty; }
.address { display: inline-block; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; margin: 0;
  padding: 1.5rem 0; border-block: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; }
code { font-family: ui-monospace, monospace; }
button { font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 0; border-radius: .5rem;
  background: var(--ink); color: var(--paper); cursor: pointer; }
button:hover { opacity: .85; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
footer { color: var(--quiet); padding-top: 1.5rem; }
"""
_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{title}</title>
<style nonce="{nonce}">{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action {form}; "
    "frame-ancestors 'none'"
)


def page(
    title: str,
    body: str,
    *,
    status: int = 200,
    form: bool = False,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Return a page.  ``title`` and ``body`` are HTML; ``form``: its form comes back to us."""
    nonce = secrets.token_urlsafe(16)
    policy = _POLICY.format(nonce=nonce, form="'self'" if form else "'none'")
    return HTMLResponse(
        _FRAME.format(title=title, body=body, nonce=nonce, style=_STYLE),
        status,
        {
            "content-security-policy": policy,
            "x-robots-tag": "noindex, nofollow",
            "referrer-policy": "no-referrer",
            **(headers or {}),
        },
    )
