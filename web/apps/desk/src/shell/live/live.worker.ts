/** All windows of a browser share one stream: a server and a browser have only so many connections for each other. */
import { openStream, type Told } from "./stream";

interface SharedScope { onconnect: ((event: MessageEvent) => void) | null }
const ports = new Set<MessagePort>();
let close: (() => void) | undefined;
let line: Told = { line: "off" };
let whose: unknown; // the stream tells what this person may see
const begin = () => {
  close?.();
  close = openStream((told) => {
    if ("line" in told) line = told;
    for (const one of ports) one.postMessage(told);
  });
};

(self as unknown as SharedScope).onconnect = (event) => {
  const port = event.ports[0]!;
  ports.add(port);
  port.onmessage = ({ data }) => { // a window says who it is, and good-bye
    if (data !== "bye") {
      if (close && data === whose) port.postMessage(line);
      else { whose = data; begin(); }
      return;
    }
    ports.delete(port);
    if (!ports.size) { close?.(); close = undefined; }
  };
};
