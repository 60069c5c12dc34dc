/** The system's fonts. The style names no `glyphs` address: MapLibre then draws every glyph with them. */
export const FONT = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];
