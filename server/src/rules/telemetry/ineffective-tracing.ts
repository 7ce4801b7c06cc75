import { acceptedWithWarning, Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';

export const ineffectiveTracing = resourceRule({
  id: 'telemetry/ineffective-tracing',
  severity: 'warning',
  on: ['Other'],
  codes: ['IST0133', 'TL-02', 'TL-03'],
  summary: 'More than one way to trace.',
  why: 'Envoy sends its traces to one place: Istio takes one entry with one provider, and the others do nothing.',
  remedy: 'Keep one entry of `tracing` with one provider, for each mode at most.',
  invalid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: traces }
spec:
  tracing:
    - providers: [{ name: zipkin }, { name: jaeger }]
`,
  valid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: traces }
spec:
  tracing:
    - providers: [{ name: zipkin }]
`,
  *check(resource) {
    const spec = Fields.spec(resource, 'Telemetry');
    if (spec === undefined) return;
    const entries = spec.objects('tracing');
    if (spec.count('tracing') > 1) {
      const message = 'Istio supports one entry of "tracing", so this one may do nothing';
      yield { at: entries[1]?.head ?? spec.key('tracing'), message, ...acceptedWithWarning('TL-02') };
    }
    for (const entry of entries) {
      if (entry.count('providers') < 2) continue;
      const at = entry.objects('providers')[1]?.head ?? entry.key('providers');
      yield {
        at,
        message: 'Istio traces to one provider, so this one may do nothing',
        ...acceptedWithWarning('TL-03'),
      };
    }
  },
});
