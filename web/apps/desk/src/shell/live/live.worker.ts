/** All windows of a browser share one stream: a server and a browser have only so many connections for each other. */
import { openStream, type Told } from "./stream";

interface SharedScope { onconnect: ((event: MessageEvent) => void) | null }
const ports = new Set<MessagePort>();
let close: (() => void) | undefined;
let line: Told = { line: "off" };

(self as unknown as SharedScope).onconnect = (event) => {
  const port = event.ports[0]!;
  ports.add(port);
  port.onmessage = () => { // a window says only good-bye
    ports.delete(port);
    if (!ports.size) { close?.(); close = undefined; }
  };
  if (close) port.postMessage(line);
  else close = openStream((told) => {
    if ("line" in told) line = told;
    for (const one of ports) one.postMessage(told);
  });
};
