import { changeTo, removeEntry } from '../edits.ts';
import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidProbe = resourceRule({
  id: 'workload/invalid-probe',
  severity: 'error',
  on: ['WorkloadGroup'],
  refuses: true,
  codes: ['IST0106', 'WG-09', 'WG-10', 'WG-12', 'WG-13', 'CEL-31'],
  summary: 'A readiness probe of a WorkloadGroup that Istio does not take.',
  why: 'Istio knows probes by `httpGet`, `tcpSocket` and `exec`; the schema also has `grpc`, which Istio’s own validation refuses, as it does underscores in names of headers.',
  remedy: 'Take one of the three, with `HTTP` or `HTTPS` in capitals.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: vms }
spec:
  template: { serviceAccount: reviews }
  probe: { httpGet: { port: 8080, scheme: https } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: vms }
spec:
  template: { serviceAccount: reviews }
  probe: { httpGet: { port: 8080, scheme: HTTPS } }
`,
  *check(group) {
    const spec = Fields.spec(group, 'WorkloadGroup');
    const probe = spec?.object('probe');
    if (spec === undefined || probe === undefined) return;
    const methods = ['httpGet', 'tcpSocket', 'exec'].filter(method => probe.has(method));
    if (methods.length === 0 && !hasMisspelt(probe)) {
      const isGrpc = probe.has('grpc');
      const edit = removeEntry(spec.document, spec.map, 'probe');
      yield {
        at: isGrpc ? probe.key('grpc') : spec.key('probe'),
        message: isGrpc
          ? 'Istio refuses a probe by "grpc", although the schema has it: take "httpGet", "tcpSocket" or "exec"'
          : 'this probe asks for nothing: it needs "httpGet", "tcpSocket" or "exec"',
        fixes: edit === undefined || isGrpc ? [] : [{ title: 'Remove "probe"', edits: [edit] }],
        ...refused('WG-13'),
      };
    }
    const get = probe.object('httpGet');
    const scheme = get?.string('scheme');
    if (scheme !== undefined && !['', 'HTTP', 'HTTPS'].includes(scheme.value)) {
      const upper = scheme.value.toUpperCase();
      yield {
        at: scheme,
        message: `${quoted(scheme.value)} is no scheme of a probe: it takes HTTP or HTTPS, in capitals`,
        fixes: ['HTTP', 'HTTPS'].includes(upper)
          ? [{ ...changeTo(group.document, scheme, upper), preferred: true }]
          : [],
        ...refused('WG-09', 'CEL-31'),
      };
    }
    for (const header of get?.objects('httpHeaders') ?? []) {
      const name = header.string('name');
      // What no header may have, the schema says.
      if (name === undefined || !/^[-_A-Za-z0-9]+$/.test(name.value) || !name.value.includes('_')) continue;
      const message = `Istio refuses the underscore in ${quoted(name.value)}: names of headers in a probe have letters, digits and hyphens`;
      yield { at: name, message, ...refused('WG-10') };
    }
    const exec = probe.object('exec');
    if (exec?.isEmptyList('command') === true) {
      yield { at: exec.key('command'), message: '"command" is empty, so the probe runs nothing', ...refused('WG-12') };
    }
  },
});

/** A method whose name the schema does not know is said by the schema. */
function hasMisspelt(probe: Fields): boolean {
  const known =
    /^(initialDelaySeconds|timeoutSeconds|periodSeconds|successThreshold|failureThreshold|grpc|httpGet|tcpSocket|exec)$/;
  return (
    probe.map.entries.some(({ key }) => !known.test(key.source)) ||
    ['httpGet', 'tcpSocket', 'exec'].some(m => probe.node(m) !== undefined)
  );
}
