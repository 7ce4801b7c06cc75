import { Fields, refused } from '../fields.ts';
import { socketFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const HOSTS: readonly string[] = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];
const UNIX = 'unix://';

export const invalidDefaultEndpoint = resourceRule({
  id: 'sidecar/invalid-default-endpoint',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-09', 'SC-10', 'SC-11'],
  summary: 'A `defaultEndpoint` that does not lead to the workload itself.',
  why: 'An ingress listener hands requests on to the application beside it: `127.0.0.1:PORT`, `0.0.0.0:PORT` (the address of the pod), the same in IPv6, or a Unix socket. Istio refuses any other place.',
  remedy: 'Write `127.0.0.1:` and the port at which the application listens.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8080, protocol: HTTP, name: http }
      defaultEndpoint: localhost:9080
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8080, protocol: HTTP, name: http }
      defaultEndpoint: 127.0.0.1:9080
`,
  *check(sidecar) {
    for (const listener of Fields.spec(sidecar, 'Sidecar')?.objects('ingress') ?? []) {
      const at = listener.string('defaultEndpoint');
      if (at === undefined || at.value === '' || !listener.has('port')) continue;
      if (at.value.startsWith(UNIX)) {
        const fault = socketFault(at.value.slice(UNIX.length));
        if (fault !== undefined)
          yield { at, message: `this is no Unix socket: ${fault}`, ...refused('SC-09', 'COM-16') };
        continue;
      }
      const [, inBrackets, plain, port = ''] = /^(?:\[([^\][]*)\]|([^\][:]*)):([^\][:]*)$/.exec(at.value) ?? [];
      const host = inBrackets ?? plain;
      if (host === undefined) {
        const message = `${quoted(at.value)} is no place of the form "127.0.0.1:PORT"`;
        yield { at, message, ...refused('SC-10') };
      } else if (!HOSTS.includes(host)) {
        const message = `${quoted(host)} is not the workload itself: a default endpoint is at 127.0.0.1, 0.0.0.0 or a Unix socket`;
        yield { at, message, ...refused('SC-10') };
      } else if (!/^[-+]?\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
        const message = `${quoted(port)} is no number of a port: they go from 1 to 65535`;
        yield { at, message, ...refused('SC-11', 'COM-03') };
      }
    }
  },
});
