import type { Located } from '../../text/range.ts';
import { Fields, refused } from '../fields.ts';
import { isAddress, socketFault } from '../names.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const UNIX = 'unix://';

export const invalidListener = resourceRule({
  id: 'sidecar/invalid-listener',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-07', 'SC-08', 'SC-27', 'SC-28', 'SC-29', 'SC-30', 'SC-31'],
  summary: 'A listener of a Sidecar that Envoy cannot open.',
  why: 'A listener stands on a port of its own, at an IP address; in `egress` it may be a Unix socket instead, with the port 0. Istio refuses anything else.',
  remedy: 'Give each listener its own port, and `bind` an IP address.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8080, protocol: HTTP, name: http }
      bind: localhost
      defaultEndpoint: 127.0.0.1:9080
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8080, protocol: HTTP, name: http }
      bind: 127.0.0.1
      defaultEndpoint: 127.0.0.1:9080
`,
  *check(sidecar) {
    const spec = Fields.spec(sidecar, 'Sidecar');
    if (spec === undefined) return;
    yield* listeners(spec, 'ingress', { bind: 'SC-07', twice: 'SC-08' });
    yield* listeners(spec, 'egress', { bind: 'SC-27', twice: 'SC-31' });
  },
});

function* listeners(
  spec: Fields,
  list: 'ingress' | 'egress',
  ids: { bind: string; twice: string },
): Generator<Finding> {
  const seen = new Map<string, Located<unknown>>();
  for (const listener of spec.objects(list)) {
    const port = listener.object('port');
    if (port === undefined) continue;
    const number = port.number('number');
    const bind = listener.string('bind');
    const isSocket = list === 'egress' && (number?.value ?? 0) === 0;
    if (isSocket) yield* socket(listener, port, bind);
    else if (bind !== undefined && bind.value !== '' && !isAddress(bind.value)) {
      const hint = list === 'egress' && bind.value.startsWith(UNIX) ? ': a socket wants the port 0' : '';
      yield { at: bind, message: `${quoted(bind.value)} is no IP address to listen at${hint}`, ...refused(ids.bind) };
    }
    const place = isSocket ? bind : number;
    if (place === undefined) continue;
    const first = seen.get(String(place.value));
    if (first === undefined) seen.set(String(place.value), place);
    else {
      yield {
        at: place,
        message: `another ${list} listener stands on ${isSocket ? quoted(String(place.value)) : `the port ${place.value}`} already`,
        related: [{ at: first, message: 'the first one' }],
        ...refused(isSocket ? 'SC-30' : ids.twice),
      };
    }
  }
}

function* socket(listener: Fields, port: Fields, bind: Located<string> | undefined): Generator<Finding> {
  if (bind?.value.startsWith(UNIX) !== true) {
    const message = 'a listener without a port number needs "bind" to be a Unix socket, "unix:///PATH"';
    yield {
      at: bind ?? (port.has('number') ? (port.number('number') ?? port.head) : port.head),
      message,
      ...refused('SC-28'),
    };
  } else {
    const fault = socketFault(bind.value.slice(UNIX.length));
    if (fault !== undefined)
      yield { at: bind, message: `this is no Unix socket: ${fault}`, ...refused('SC-28', 'COM-16') };
  }
  const mode = listener.string('captureMode');
  if (mode?.value === 'IPTABLES') {
    const message = 'connections to a Unix socket are not captured: "captureMode" is DEFAULT or NONE here';
    yield { at: mode, message, ...refused('SC-29') };
  }
}
