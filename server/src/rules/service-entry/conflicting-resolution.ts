import { removeEntry } from '../edits.ts';
import { acceptedWithWarning, Fields, refused, refusedByServer } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const conflictingResolution = resourceRule({
  id: 'service-entry/conflicting-resolution',
  severity: 'error',
  on: ['ServiceEntry'],
  refuses: true,
  codes: ['IST0106', 'IST0133', 'SE-02', 'SE-17', 'SE-18', 'SE-28', 'SE-33', 'SE-34', 'SE-35', 'SE-36'],
  summary: 'Fields of a ServiceEntry that do not go with its `resolution`.',
  why: '`resolution` says how Envoy finds the address of a request: as it is called (`NONE`), from `endpoints` or workloads (`STATIC`), or in DNS. What belongs to another way is refused.',
  remedy:
    'Take the resolution that the endpoints want, mostly `STATIC` for IP addresses and `DNS` for names, or remove the field.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: NONE
  endpoints: [{ address: 192.0.2.7 }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: external }
spec:
  hosts: [db.example.com]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: STATIC
  endpoints: [{ address: 192.0.2.7 }]
`,
  *check(entry) {
    const spec = Fields.spec(entry, 'ServiceEntry');
    if (spec === undefined) return;
    const resolution = spec.string('resolution')?.value ?? 'NONE';
    const endpoints = spec.count('endpoints');
    if (spec.has('workloadSelector') && spec.has('endpoints')) {
      yield {
        at: spec.key('endpoints'),
        message:
          '"endpoints" and "workloadSelector" exclude each other: the endpoints are either written down or selected',
        related: [{ at: spec.key('workloadSelector'), message: 'selects workloads' }],
        ...(endpoints > 0 ? refused('SE-02', 'CEL-13') : refusedByServer('CEL-13')),
      };
    } else if (resolution === 'NONE' && spec.has('endpoints')) {
      const said = spec.has('resolution') ? '"resolution: NONE"' : 'no "resolution", which means NONE,';
      yield {
        at: spec.key('endpoints'),
        message: `with ${said} requests go to the address that was called, so there can be no "endpoints"`,
        // The API server counts an empty list as well.
        ...(endpoints > 0 ? refused('SE-17', 'CEL-15') : refusedByServer('CEL-15')),
      };
    } else if (resolution === 'DNS_ROUND_ROBIN' && endpoints > 1) {
      yield {
        at: spec.key('endpoints'),
        message: `"resolution: DNS_ROUND_ROBIN" looks up one name, and there are ${endpoints} endpoints`,
        ...refused('SE-28', 'CEL-16'),
      };
    }
    if (resolution === 'NONE' && spec.has('workloadSelector') && !spec.has('endpoints')) {
      yield {
        at: spec.key('workloadSelector'),
        message:
          'with "resolution: NONE" requests go to the address that was called, so the selected workloads get none',
        ...acceptedWithWarning('SE-18'),
      };
    }
    if (resolution === 'DYNAMIC_DNS') yield* dynamic(spec, entry.labels);
  },
});

/** What the lookup of the host that each request asks for leaves no room for. */
function* dynamic(
  spec: Fields,
  labels: readonly { key: { value: string }; value: { value: string } }[],
): Generator<Finding> {
  const excluded = [
    ['addresses', 'SE-33'],
    ['endpoints', 'SE-34'],
  ] as const;
  for (const [field, id] of excluded) {
    if (spec.count(field) === 0) continue;
    const edit = removeEntry(spec.document, spec.map, field);
    yield {
      at: spec.key(field),
      message: `with "resolution: DYNAMIC_DNS" each request is looked up by its own host, so there can be no ${quoted(field)}`,
      fixes: edit === undefined ? [] : [{ title: `Remove "${field}"`, edits: [edit] }],
      ...refused(id),
    };
  }
  for (const port of spec.objects('ports')) {
    const protocol = port.string('protocol');
    if (protocol !== undefined && ['http', 'tls', 'grpc', 'http2'].includes(protocol.value.toLowerCase())) continue;
    yield {
      at: protocol ?? port.head,
      message:
        'with "resolution: DYNAMIC_DNS" a port carries HTTP, HTTP2, GRPC or TLS: of other protocols Envoy cannot read the host',
      ...refused('SE-35'),
    };
  }
  const location = spec.string('location');
  const waypoint = labels.find(({ key }) => key.value === 'istio.io/use-waypoint')?.value.value ?? '';
  if (location?.value === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    yield {
      at: location,
      message: 'with "resolution: DYNAMIC_DNS" a service inside the mesh cannot use a waypoint',
      ...refused('SE-36'),
    };
  }
}
