import os from 'node:os';

/** What the numbers were measured on, in one line. */
export function machine(): string {
  const cpus = os.cpus();
  const memory = `${Math.round(os.totalmem() / 1e9)} GB`;
  const load = os
    .loadavg()
    .map(value => value.toFixed(1))
    .join(' ');
  return `Node ${process.version}, ${os.type()} ${os.release()} ${os.arch()}, ${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown processor'}, ${memory} of memory, load ${load}`;
}
