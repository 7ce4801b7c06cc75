import path from 'node:path';
import { expect, test } from 'vitest';
import { routeConfiguration } from '../../../server/src/features/envoy-configuration.ts';
import type { VirtualService } from '../../../server/src/model/virtual-service.ts';
import type { RouteTable } from '../../../server/src/routing/table.ts';
import { readCases } from '../../conformance/oracle.ts';
import { caseSnapshot } from '../../conformance/run.ts';

const CASES = readCases(path.join(import.meta.dirname, '../../fixtures/routing'));

/** What Envoy gets of the virtual hosts of a table that have routes of a VirtualService. */
function hostsOf(vs: VirtualService, table: RouteTable): readonly object[] {
  const virtualHosts = table.virtualHosts.filter(({ virtualServices }) =>
    virtualServices.some(({ resource }) => resource === vs),
  );
  return virtualHosts.map(host => routeConfiguration({ ...table, virtualHosts: [host] }));
}

test('the routes of a VirtualService are the same without those that share no host with it', () => {
  let compared = 0;
  for (const oracle of CASES) {
    const { routing } = caseSnapshot(oracle);
    for (const { resource } of routing.prepared) {
      const around = routing.around([resource]);
      for (const proxy of routing.proxies()) {
        const [whole, part] = [routing.proxy(proxy), around.proxy(proxy)];
        for (const name of whole.names) {
          const wanted = hostsOf(resource, whole.table(name));
          if (wanted.length > 0) compared++;
          expect(hostsOf(resource, part.table(name)), `${oracle.name} ${name}`).toEqual(wanted);
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(200);
});
