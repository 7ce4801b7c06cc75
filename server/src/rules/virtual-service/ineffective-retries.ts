import { formatDuration, parseDuration } from '../../model/duration.ts';
import type { HttpRoute } from '../../model/virtual-service.ts';
import { replaceString } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';

export const ineffectiveRetries = resourceRule({
  id: 'virtual-service/ineffective-retries',
  severity: 'information',
  on: ['VirtualService'],
  per: 'route',
  summary: 'The tries of a request do not fit into its timeout.',
  why: 'The timeout of a rule is for all tries together. Where a try may take timeout / (attempts + 1) or more, slow tries use it up and the last retries never happen.',
  remedy: 'Keep `perTryTimeout` below `timeout` / (`attempts` + 1), or raise the timeout.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 10s
      retries: { attempts: 3, perTryTimeout: 3s }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - timeout: 10s
      retries: { attempts: 3, perTryTimeout: 2s }
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const rule of vs.http) {
      const { retries, timeout: written } = rule;
      const [timeout, perTry] = [
        parseDuration(written?.value ?? ''),
        parseDuration(retries?.perTryTimeout?.value ?? ''),
      ];
      const attempts = retries?.attempts?.value ?? 0;
      const at = retries?.perTryTimeout;
      if (
        at === undefined ||
        timeout === undefined ||
        perTry === undefined ||
        attempts < 1 ||
        timeout < 1 ||
        perTry < 1
      )
        continue;
      if (perTry * (attempts + 1) < timeout) continue;
      const finding: Finding = { at, ...wording(rule, { timeout, perTry, attempts }) };
      const target = below(timeout / (attempts + 1));
      const fixes =
        target === undefined
          ? []
          : [
              {
                title: `Change to ${target}, so that ${attempts + 1} tries fit`,
                edits: [replaceString(vs.document, at, target)],
              },
            ];
      yield written === undefined
        ? finding
        : { ...finding, related: [{ at: written, message: 'the time for all tries together' }], fixes };
    }
  },
});

function wording(
  { timeout: written, retries }: HttpRoute,
  { timeout, perTry, attempts }: { timeout: number; perTry: number; attempts: number },
): Pick<Finding, 'message' | 'severity'> {
  const limit = `the timeout of ${written?.value ?? ''}`;
  if (perTry >= timeout) {
    const length = perTry === timeout ? 'as long as' : 'longer than';
    const message = `a try may take ${retries?.perTryTimeout?.value ?? ''}, ${length} ${limit} for all tries: a slow try is never retried`;
    return { message, severity: 'warning' };
  }
  const tries = attempts + 1;
  const length = retries?.perTryTimeout?.value ?? '';
  if (perTry * tries === timeout) {
    return {
      message: `${tries} slow tries of ${length} take all of ${limit}: nothing is left for the pauses between them`,
    };
  }
  return { message: `only ${Math.floor(timeout / perTry)} of ${tries} slow tries of ${length} fit into ${limit}` };
}

/** The longest round duration below a limit in milliseconds. */
function below(limit: number): string | undefined {
  const step = limit > 5000 ? 1000 : limit > 1000 ? 100 : limit > 100 ? 10 : 1;
  const target = (Math.ceil(limit / step) - 1) * step;
  return target < 1 ? undefined : formatDuration(target);
}
