import type { Gateway } from '../../model/gateway.ts';
import type { Sidecar } from '../../model/sidecar.ts';
import type { Located, Span } from '../../text/range.ts';
import { refusal, warned } from '../codes.ts';
import { Fields } from '../fields.ts';

/** The TLS settings of a server of a Gateway, or of an ingress listener of a Sidecar, which obey the same rules. */
export interface ServerTls {
  readonly fields: Fields;
  /** The key `tls`. */
  readonly at: Span;
  /** As written, or `PASSTHROUGH`, which holds where none is written. */
  readonly mode: string;
  readonly modeAt: Located<string> | undefined;
  readonly isSidecar: boolean;
}

export function serverTls(resource: Gateway | Sidecar): readonly ServerTls[] {
  const isSidecar = resource.kind === 'Sidecar';
  const spec = Fields.spec(resource, 'Gateway', 'Sidecar');
  return (spec?.objects(isSidecar ? 'ingress' : 'servers') ?? []).flatMap(server => {
    const fields = server.object('tls');
    if (fields === undefined) return [];
    const modeAt = fields.string('mode');
    return [{ fields, at: server.key('tls'), mode: modeAt?.value ?? 'PASSTHROUGH', modeAt, isSidecar }];
  });
}

/** Codes of a refusal; in a Sidecar all of them have one id of their own (Istio `validateTLSOptions`). */
export function tlsRefusal({ isSidecar }: ServerTls, ...ids: readonly string[]): readonly string[] {
  return isSidecar ? refusal('SC-19') : refusal(...ids);
}

export function tlsWarning({ isSidecar }: ServerTls, ...ids: readonly string[]): readonly string[] {
  return isSidecar ? warned('SC-19') : warned(...ids);
}

/** Those of some fields that say something, in the order of the list. */
export function saidFields(tls: Fields, names: readonly string[]): readonly string[] {
  return names.filter(name => (tls.string(name)?.value ?? '') !== '' || tls.count(name) > 0);
}
