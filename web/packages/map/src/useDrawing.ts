/** A shape drawn by hand: the library comes when it is first wanted, Escape gives up wherever the keyboard is. */
import type { Map as GlMap } from "maplibre-gl";
import { onBeforeUnmount, ref, watch } from "vue";
import type { Palette } from "./palette";
import type { Corner } from "./types";

type Kind = "polygon" | "circle";

export function useDrawing(map: () => GlMap | undefined, palette: () => Palette, props: { readonly drawing?: Kind | null }, done: (corners: Corner[] | null) => void) {
  /** What is being drawn, for the hint. */
  const active = ref<Kind | null>(null);
  let end: (() => void) | null = null;

  function stop() {
    end?.();
    end = active.value = null;
    document.removeEventListener("keydown", onKey, true);
  }
  function finish(corners: Corner[] | null) { stop(); done(corners); }
  function onKey(event: KeyboardEvent) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    finish(null);
  }
  async function start(kind: Kind) {
    const { draw } = await import("./drawing");
    const gl = map();
    if (!gl || props.drawing !== kind || active.value) return; // given up, or the style changed, while it came
    active.value = kind;
    document.addEventListener("keydown", onKey, true);
    gl.getCanvas().focus();
    end = draw(gl, kind, palette().blue, finish);
  }
  /** Begins what is wanted, from the beginning: after another choice, or when the map was drawn anew. */
  function again() {
    stop();
    if (props.drawing) void start(props.drawing);
  }
  watch(() => props.drawing, again);
  onBeforeUnmount(stop);
  return { active, again, stop };
}
