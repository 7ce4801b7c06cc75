import type { TypedResource } from '../../model/decode.ts';
import type { MeshPort } from '../../routing/mesh.ts';
import { count } from '../../rules/words.ts';

const MAX_PORTS = 3;

/** Name of the file of a resource, without its folders. */
export function fileOf(resource: TypedResource | undefined): string {
  const { file } = resource?.document ?? { file: '' };
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `a · b`: parts of a detail, empty ones left out. */
export function detail(...parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' · ');
}

/** A port without a declared protocol is looked at when requests come. */
function protocolText(protocol: MeshPort['protocol']): string {
  return protocol === 'unsupported' ? '' : protocol.toLowerCase();
}

/** `9080 http, 443 https` */
export function portsText(ports: readonly MeshPort[]): string {
  const shown = ports
    .slice(0, MAX_PORTS)
    .map(({ number, name, protocol }) => `${number} ${name || protocolText(protocol)}`.trim());
  const more = ports.length - MAX_PORTS;
  return [...shown, ...(more > 0 ? [count(more, 'more port')] : [])].join(', ');
}
