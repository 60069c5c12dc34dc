/** An association as nodes and lines, laid out from left to right. What one opens is added; nothing goes away by itself. Pure. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Association, AssociationEdge, AssociationNode } from "@jingwei/api";

export const SHOWN = 5; // of a list; the rest stands in the lists
export const WIDTH = 176, HEIGHT = 44;
export const keyOf = (node: { kind: { code: string }; id: string }) => `${node.kind.code}/${node.id}`;
export interface Box { key: string; node: AssociationNode | null; rest: string; x: number; y: number }
export interface Line { key: string; source: string; target: string; edges: AssociationEdge[] }

/** Every thing once, whichever way one came to it; of each list the first few, and one box that tells how many more there are. */
export function graphOf(found: readonly Pick<Association, "centre" | "lists">[]): { boxes: Box[]; lines: Line[] } {
  const boxes = new Map<string, Box>(), lines = new Map<string, Line>();
  const put = (key: string, node: AssociationNode | null, rest = "") => boxes.has(key) || boxes.set(key, { key, node, rest, x: 0, y: 0 });
  const opened = new Set(found.map((one) => keyOf(one.centre)));
  for (const one of found) {
    const from = keyOf(one.centre);
    put(from, one.centre);
    for (const list of one.lists) {
      const first = list.items.filter((edge, i) => i < SHOWN || opened.has(keyOf(edge.node)));
      for (const edge of first) {
        const to = keyOf(edge.node), back = lines.get(`${to} ${from}`), line = back ?? lines.get(`${from} ${to}`);
        put(to, edge.node);
        if (!line) lines.set(`${from} ${to}`, { key: `${from} ${to}`, source: from, target: to, edges: [edge] });
        else if (!back) line.edges.push(edge);
      }
      if (list.next || list.items.length > first.length || (list.hidden && !first.length)) {
        const key = `${from}#${list.part.code}`;
        put(key, null, `${list.part.code} ${list.count}`);
        lines.set(key, { key, source: from, target: key, edges: [] });
      }
    }
  }
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 150, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const key of boxes.keys()) graph.setNode(key, { width: WIDTH, height: HEIGHT });
  for (const line of lines.values()) graph.setEdge(line.source, line.target);
  layout(graph);
  for (const box of boxes.values()) {
    const at = graph.node(box.key) as { x: number; y: number };
    [box.x, box.y] = [at.x - WIDTH / 2, at.y - HEIGHT / 2];
  }
  return { boxes: [...boxes.values()], lines: [...lines.values()] };
}
