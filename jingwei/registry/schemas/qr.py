"""A QR code as a picture."""

import io

import segno


def qr_svg(text: str) -> str:
    """An SVG element that shows `text` as a QR code; a quarter of it may be dirty."""
    out = io.BytesIO()
    segno.make_qr(text, error="q").save(out, kind="svg", border=2, xmldecl=False, svgns=True, scale=4)
    return out.getvalue().decode()
