import { cover } from '../../text/range.ts';
import { labelOf } from '../namespaces.ts';
import { resourceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';

export const conflictingInjection = resourceRule({
  id: 'namespace/conflicting-injection',
  severity: 'warning',
  on: ['Namespace'],
  codes: ['IST0123'],
  summary: 'A namespace with labels for more than one way into the mesh.',
  why: '`istio-injection` and `istio.io/rev` name two injectors, and `istio.io/dataplane-mode: ambient` asks for no sidecar at all. Which of them wins is not defined.',
  remedy: 'Keep one of the labels.',
  invalid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, istio.io/rev: canary } }
`,
  valid: `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/rev: canary } }
`,
  *check({ labels }) {
    // A label that switches off goes with the other way in.
    const injection = labelOf(labels, 'istio-injection');
    const isWay = (key: string): boolean => {
      const value = labelOf(labels, key);
      if (value === undefined || value === '') return false;
      if (key === 'istio-injection') return value === 'enabled';
      if (key === 'istio.io/dataplane-mode') return value === 'ambient' && injection !== 'disabled';
      return injection !== 'disabled';
    };
    const ways = labels.filter(
      ({ key }) =>
        ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'].includes(key.value) && isWay(key.value),
    );
    const last = ways.at(-1);
    if (last === undefined || ways.length < 2) return;
    const names = ways.map(({ key, value }) => quoted(`${key.value}: ${value.value}`));
    yield {
      at: cover(last.key, last.value),
      message: `${allOf(names)} name different ways into the mesh, and which one wins is not defined; keep one`,
      related: ways
        .slice(0, -1)
        .map(({ key, value }) => ({ at: cover(key, value), message: 'the other way into the mesh' })),
    };
  },
});
