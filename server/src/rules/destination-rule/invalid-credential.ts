import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { blockRefusal, blocksOf } from './settings.ts';

const PREFIX = 'configmap://';

export const invalidCredential = resourceRule({
  id: 'destination-rule/invalid-credential',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'A certificate authority in a ConfigMap that is not named right, or in another namespace.',
  why: 'A ConfigMap is named `configmap://namespace/name`, and may only be of the namespace of the DestinationRule. Istio refuses others.',
  remedy: 'Write `configmap://`, the own namespace, a slash and the name.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec:
  host: api.example.com
  workloadSelector: { matchLabels: { app: shop } }
  trafficPolicy: { tls: { mode: SIMPLE, credentialName: configmap://api-ca } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec:
  host: api.example.com
  workloadSelector: { matchLabels: { app: shop } }
  trafficPolicy: { tls: { mode: SIMPLE, credentialName: configmap://shop/api-ca } }
`,
  codes: ['IST0106', 'DR-53'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const block of blocksOf(rule, schemas.facts, 'ClientTLSSettings')) {
      const credential = block.fields.string('credentialName');
      if (credential === undefined || !credential.value.startsWith(PREFIX)) continue;
      const [namespace = '', name = ''] = credential.value.slice(PREFIX.length).split('/');
      const isNamed = namespace !== '' && name !== '';
      // Without a namespace in the file, that of the rule may well be this one.
      if (isNamed && (namespace === rule.namespace || rule.namespaceAt === undefined)) continue;
      yield {
        at: credential,
        message: isNamed
          ? `${quoted(credential.value)} is in the namespace ${quoted(namespace)}, and Istio takes only a ConfigMap of the rule's own, ${quoted(rule.namespace)}`
          : `${quoted(credential.value)} names no ConfigMap: the form is "configmap://${rule.namespace}/name"`,
        codes: blockRefusal(block, 'DR-53'),
      };
    }
  },
});
