import type { ServerStatus } from '../../server/src/contract.ts';
import type { ServerState } from './language-server.ts';

/** The server's status as Markdown for people; without `status` only the state is known. */
export function statusReport(state: ServerState, status: ServerStatus | undefined): string {
  const lines = ['# Istio language server', ''];
  if (status === undefined) {
    lines.push(
      `State: ${state}. Run “Istio: Restart Language Server”, and look at the output channel “Istio” for the reason.`,
      '',
    );
    return lines.join('\n');
  }
  lines.push(
    `- State: ${state}${status.indexing ? ', still reading the workspace' : ''}`,
    `- Version: ${status.version}`,
    `- Knows Istio of: ${status.istioFacts}`,
    `- Workspace: ${status.resources} resources in ${status.files} files`,
    `- Memory: ${Math.round(status.memory / 1_000_000)} MB${perResource(status)}`,
    `- Running for: ${duration(status.uptime)}`,
    '',
  );
  if (status.timings.length > 0) {
    lines.push('## Answers', '', '| Method | Count | Median | Slowest |', '| --- | ---: | ---: | ---: |');
    for (const { method, count, p50, max } of status.timings)
      lines.push(`| ${method} | ${count} | ${round(p50)} ms | ${round(max)} ms |`);
    lines.push('');
  }
  lines.push('## Faults', '');
  if (status.faults.length === 0) lines.push('None.');
  for (const fault of status.faults) lines.push(`- ${fault.replaceAll('\n', '\n  ')}`);
  lines.push('');
  return lines.join('\n');
}

function perResource({ memoryPerResource }: ServerStatus): string {
  return memoryPerResource === 0 ? '' : `, of which about ${Math.ceil(memoryPerResource / 1000)} kB for each resource`;
}

function round(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
