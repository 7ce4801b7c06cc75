import { byAge, keyOf } from '../../model/resource.ts';
import type { ServiceEntry } from '../../model/service-entry.ts';
import type { Index } from '../../workspace/index.ts';
import { Groups } from '../../workspace/reads.ts';
import { areTogether } from '../workloads.ts';

/** The ServiceEntries by host, in lower case. */
const entriesByHost = Groups.of('ServiceEntry', entry =>
  [...new Set(entry.hosts.map(({ value }) => value.toLowerCase()))].map(host => [host, entry] as const),
);

/** Some namespace sees both; of files without a namespace one may be an alternative of the other. */
function meet(a: ServiceEntry, b: ServiceEntry, index: Index): boolean {
  const scopes = ({ exportTo, namespace }: ServiceEntry): readonly string[] =>
    exportTo.length === 0
      ? ['*']
      : exportTo.map(({ value }) => (value === '.' ? namespace : value)).filter(value => value !== '~');
  const [x, y] = [scopes(a), scopes(b)];
  if (x.length === 0 || y.length === 0) return false;
  const seesBoth = x.includes('*') || y.includes('*') || x.some(scope => y.includes(scope));
  return seesBoth && areTogether(a, b, index);
}

/** The first older ServiceEntry of a host that some namespace sees beside this one, and that fits. */
export function olderOf(
  entry: ServiceEntry,
  host: string,
  index: Index,
  fits: (older: ServiceEntry) => boolean,
): ServiceEntry | undefined {
  return (index.group(entriesByHost, host.toLowerCase()) ?? []).find(
    older => byAge(older, entry) < 0 && keyOf(older) !== keyOf(entry) && meet(older, entry, index) && fits(older),
  );
}
