import type { TypedResource } from '../model/decode.ts';
import type { Span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { changeTo } from './edits.ts';
import { nearest } from './nearest.ts';
import type { Finding, Fix } from './rule.ts';
import { allOf, quoted } from './words.ts';
import { type LabelList, labelsText, selectWorkloads, workloadsIn } from './workloads.ts';

/**
 * What to say of a selector that certainly picks no workload: on the value that no workload has, else on the selector.
 *
 * @param namespace where pods are looked for; `undefined` for all namespaces
 */
export function emptySelector(
  snapshot: Snapshot,
  resource: TypedResource,
  selector: { readonly labels: LabelList; readonly at: Span | undefined; readonly effect: string },
  namespace: string | undefined,
): Finding | undefined {
  const { labels, at, effect } = selector;
  if (labels.length === 0 || selectWorkloads(snapshot, resource, labels, namespace).outcome !== 'missing')
    return undefined;
  const neighbors = namespace === undefined ? snapshot.index.all('Workload') : workloadsIn(snapshot.index, namespace);
  const valuesOf = (key: string): readonly string[] => [
    ...new Set(
      neighbors.flatMap(({ podLabels }) => podLabels.filter(l => l.key.value === key).map(l => l.value.value)),
    ),
  ];
  const wrong = labels.filter(({ key, value }) => !valuesOf(key.value).includes(value.value));
  const [only] = wrong;
  const where = namespace === undefined ? '' : ` of namespace ${quoted(namespace)}`;
  const message = `no workload${where} has the ${labels.length === 1 ? 'label' : 'labels'} ${labelsText(labels)}${labels.length > 1 && wrong.length === 0 ? ' together' : ''}, so ${effect}`;
  if (only === undefined || wrong.length > 1) return { at: at ?? labels[0]?.key ?? resource.nameAt, message };
  const values = valuesOf(only.key.value);
  const guess = nearest(only.value.value, values);
  const known =
    values.length === 0 || values.length > 5
      ? ''
      : `; there ${values.length === 1 ? 'is' : 'are'} ${allOf(values.map(quoted))}`;
  const fixes: readonly Fix[] = guess === undefined ? [] : [changeTo(resource.document, only.value, guess)];
  return { at: only.value, message: `${message}${known}`, fixes };
}
