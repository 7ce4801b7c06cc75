import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used so far. Only Linux tells; elsewhere everything is `undefined`. */
export interface Usage {
  /** CPU of all threads, in milliseconds. */
  readonly cpu: number | undefined;
  /** Resident memory, in megabytes (10^6 bytes). */
  readonly resident: number | undefined;
  readonly peak: number | undefined;
}

/** Of `/proc/PID/stat`: what all Linux systems use. */
const MS_PER_TICK = 10;

export function usageOf(pid: number): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { cpu: cpuOf(pid), resident: megabytes(status, 'VmRSS'), peak: megabytes(status, 'VmHWM') };
  } catch {
    return { cpu: undefined, resident: undefined, peak: undefined };
  }
}

/** Nanoseconds that threads ran where the kernel counts them, else clock ticks. */
function cpuOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
    );
    const nanoseconds = threads.reduce((sum, thread) => sum + Number(thread.split(' ')[0]), 0);
    if (nanoseconds > 0) return nanoseconds / 1e6;
  } catch {
    // The kernel does not count them.
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function megabytes(status: string, field: string): number | undefined {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
}
