import { asMap, Reader } from '../../model/reader.ts';
import { child, itemsOf } from '../../yaml/node.ts';
import { resourceRule } from '../rule.ts';

/** The user that the sidecar runs as. */
const PROXY_USER = 1337;

export const riskyUser = resourceRule({
  id: 'workload/risky-user',
  severity: 'warning',
  on: ['Workload'],
  codes: ['IST0144'],
  summary: 'A container runs as user 1337, which is the sidecar’s.',
  why: 'The rules that send connections to the sidecar leave out what user 1337 opens: the application’s traffic goes past the proxy, without mTLS, routes and policies.',
  remedy: 'Run the application as another user.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews } }
    spec:
      containers: [{ name: reviews, image: reviews, securityContext: { runAsUser: 1337 } }]
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  template:
    metadata: { labels: { app: reviews } }
    spec:
      containers: [{ name: reviews, image: reviews, securityContext: { runAsUser: 1000 } }]
`,
  *check(workload) {
    const read = new Reader(workload.document);
    const spec = workload.kind === 'Pod' ? workload.spec : asMap(child(child(workload.spec, 'template'), 'spec'));
    const message = 'user 1337 is the sidecar’s own: what this container sends goes past the proxy';
    const ofPod = read.number(read.map(spec, 'securityContext'), 'runAsUser');
    if (ofPod?.value === PROXY_USER)
      yield { at: ofPod, message: message.replace('this container sends', 'these pods send') };
    for (const container of itemsOf(child(spec, 'containers'))) {
      const map = asMap(container);
      const name = read.string(map, 'name')?.value;
      const user = read.number(read.map(map, 'securityContext'), 'runAsUser');
      if (user?.value === PROXY_USER && name !== 'istio-proxy' && name !== 'istio-operator')
        yield { at: user, message };
    }
  },
});
