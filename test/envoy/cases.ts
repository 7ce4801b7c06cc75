import { routeConfiguration } from '../../server/src/features/envoy-configuration.ts';
import type { MeshProxy } from '../../server/src/routing/mesh.ts';
import type { RouteTable } from '../../server/src/routing/table.ts';
import type { OracleCase } from '../conformance/oracle.ts';
import { caseSnapshot } from '../conformance/run.ts';
import type { LabTable } from './bootstrap.ts';
import { type EnvoyAnswer, EnvoyLab } from './lab.ts';
import type { EnvoyRequest } from './request.ts';

/** A table of one proxy, made by the routing core from the YAML of a case. */
export interface CaseTable extends LabTable {
  readonly proxy: MeshProxy;
  readonly table: RouteTable;
}

/** A question to one of the tables of a case. */
export interface Question {
  readonly proxy: MeshProxy;
  readonly routeConfig: string;
  readonly request: EnvoyRequest;
}

/**
 * All tables of the proxies of a case.
 *
 * @param prefix begins the ids; letters and digits, another one for each case that goes into the same Envoy
 * @param proxies without them, those of the case's answers
 */
export function tablesOf(oracle: OracleCase, prefix: string, proxies = proxiesOf(oracle)): readonly CaseTable[] {
  const { routing } = caseSnapshot(oracle);
  const tables = proxies.flatMap(proxy => routing.tables(proxy).tables.map(table => ({ proxy, table })));
  return tables.map(({ proxy, table }, i) => ({
    id: `${prefix}t${i}`,
    proxy,
    table,
    config: routeConfiguration(table),
  }));
}

export function proxiesOf({ expect }: OracleCase): readonly MeshProxy[] {
  return expect.proxies.map(({ type, namespace, labels }) => ({ type, namespace, labels }));
}

/** The table of a proxy by the name of its route configuration. */
export function tableFor(
  tables: readonly CaseTable[],
  { proxy, routeConfig }: Pick<Question, 'proxy' | 'routeConfig'>,
): CaseTable | undefined {
  const wanted = JSON.stringify(proxy);
  return tables.find(({ proxy: own, table }) => table.name === routeConfig && JSON.stringify(own) === wanted);
}

/**
 * Starts an Envoy with the tables that our routing core makes of a case, sends requests through it, and stops it. For
 * many cases start one `EnvoyLab` with the tables of them all: a start takes longer than a hundred requests.
 *
 * @returns the answers in the order of the questions; an error where a table does not exist or was refused
 */
export async function answersOf(oracle: OracleCase, questions: readonly Question[]): Promise<readonly EnvoyAnswer[]> {
  const tables = tablesOf(oracle, 'c', [
    ...new Map(questions.map(({ proxy }) => [JSON.stringify(proxy), proxy])).values(),
  ]);
  const lab = await EnvoyLab.start(tables);
  try {
    return await Promise.all(
      questions.map(question => {
        const table = tableFor(tables, question);
        if (table === undefined) throw new Error(`${oracle.name} has no table ${question.routeConfig}`);
        const refusal = lab.refusals.get(table.id);
        if (refusal !== undefined) throw new Error(`Envoy refuses ${question.routeConfig}: ${refusal}`);
        return lab.ask(table.id, question.request);
      }),
    );
  } finally {
    await lab.stop();
  }
}
