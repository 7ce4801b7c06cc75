/**
 * The test files of Envoy's `router_check_tool` (`envoy/test/tools/router_check/validation.proto`): what both can say
 * goes from one to the other, and what is left out is told.
 */

import type { Explanation } from '../../contract/explain.ts';
import type { RouteTest } from '../../model/route-test/decode.ts';
import { clusterName, parseClusterName } from '../../routing/envoy.ts';
import { fullPath, type HttpRequest } from '../../routing/explain/request.ts';
import { parseTestRequest } from '../../routing/explain/test-request.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { itemsOf, resolve, type ScalarValue, type YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { answerTo } from './run.ts';
import { type NewTest, testsYaml } from './write.ts';

/** A text in the other form, and what it could not take along, a sentence each. */
export interface Converted {
  readonly text: string;
  readonly warnings: readonly string[];
}

type Plain = ScalarValue | readonly Plain[] | { readonly [key: string]: Plain };

/** Route tests made of a test file of `router_check_tool`, JSON or YAML; or why it is none. */
export function importRouterCheck(text: string): Converted | { readonly fault: string } {
  const { root, problems } = parseDocument('', text);
  const file = plain(root);
  const items = isRecord(file) ? file['tests'] : file;
  if (problems.length > 0) return { fault: 'this is neither JSON nor YAML' };
  if (!Array.isArray(items)) return { fault: 'there is no list "tests"' };
  const warnings: string[] = [];
  const tests = items.map((item: Plain, i) => importOne(item, i, message => warnings.push(message)));
  return { text: testsYaml(tests.filter(test => test !== undefined)), warnings };
}

type Warn = (message: string) => void;

function importOne(item: Plain, index: number, warn: Warn): NewTest | undefined {
  const test = record(item);
  const input = record(test['input']);
  const name = text(test['test_name']) ?? `test ${index + 1}`;
  const tell = (message: string): void => warn(`${name}: ${message}`);
  const authority = text(input['authority']);
  if (authority === undefined) {
    tell('left out, for it has no authority');
    return undefined;
  }
  for (const field of ['random_value', 'internal', 'runtime', 'additional_response_headers'])
    if (input[field] !== undefined) tell(`"${field}" is left out`);
  const scheme = input['ssl'] === true ? 'https' : 'http';
  const fields = [...list(input['additional_request_headers']), ...list(input['additional_headers'])];
  return {
    name,
    request: {
      method: text(input['method']) ?? 'GET',
      url: `${scheme}://${authority}${text(input['path']) ?? '/'}`,
      headers: fields.map(field => [text(record(field)['key']) ?? '', text(record(field)['value']) ?? ''] as const),
    },
    from: undefined,
    expect: expectations(record(test['validate']), tell),
  };
}

function expectations(validate: Readonly<Record<string, Plain>>, tell: Warn): NewTest['expect'] {
  const expect: Record<string, string | boolean | Record<string, string>> = {};
  const headers: Record<string, string> = {};
  for (const [field, value] of Object.entries(validate)) {
    const wanted = text(value) ?? '';
    if (field === 'cluster_name' && wanted === '') {
      if ((text(validate['path_redirect']) ?? '') === '') expect['unreachable'] = true;
    } else if (field === 'cluster_name') {
      const parts = parseClusterName(wanted);
      expect['destination'] = parts === undefined ? wanted : `${parts.host}:${parts.port}`;
      if (parts !== undefined && parts.subset !== '') expect['subset'] = parts.subset;
    } else if (field === 'path_rewrite' && wanted !== '') expect['path'] = wanted;
    else if (field === 'host_rewrite' && wanted !== '') expect['host'] = wanted;
    else if (field === 'path_redirect' && wanted !== '') expect['redirect'] = wanted;
    else if (field === 'request_header_matches') {
      for (const match of list(value)) {
        const matcher = record(match);
        const exact = text(record(matcher['string_match'])['exact']) ?? text(matcher['exact_match']);
        const name = text(matcher['name']);
        if (name === undefined || exact === undefined) tell('a header match that is not exact is left out');
        else headers[name] = exact;
      }
    } else tell(`"${field}" is left out`);
  }
  return Object.keys(headers).length === 0 ? expect : { ...expect, headers };
}

/** Route tests as a test file of `router_check_tool`. What it cannot check is told. */
export function exportRouterCheck(snapshot: Snapshot, tests: readonly RouteTest[]): Converted {
  const warnings: string[] = [];
  const tables = new Set<string>();
  const items = tests.flatMap(test => {
    const name = test.name.value;
    const tell = (message: string): void => void warnings.push(`${name}: ${message}`);
    const request = parseTestRequest(test.request);
    const answer = answerTo(snapshot, test);
    if (test.problems.length > 0 || 'fault' in request || 'fault' in answer) {
      tell(`left out, ${'fault' in answer ? `for ${answer.fault}` : 'for it cannot be run'}`);
      return [];
    }
    tables.add(answer.viewpoint.routeConfiguration);
    const validate = assertions(test, answer, tell);
    if (Object.keys(validate).length === 0) {
      tell('left out, for nothing of it can be checked');
      return [];
    }
    return [{ test_name: name, input: inputOf(request), validate }];
  });
  if (tables.size > 1)
    warnings.push(
      `the tests are about several route configurations (${[...tables].join(', ')}): the tool takes one at a time`,
    );
  return { text: `${JSON.stringify({ tests: items }, null, 2)}\n`, warnings };
}

function inputOf(request: HttpRequest): object {
  return {
    authority: request.authority,
    path: fullPath(request),
    method: request.method,
    ...(request.scheme === 'https' ? { ssl: true } : {}),
    ...(request.headers.length === 0
      ? {}
      : { additional_request_headers: request.headers.map(([key, value]) => ({ key, value })) }),
  };
}

function assertions({ expect }: RouteTest, answer: Explanation, tell: Warn): Readonly<Record<string, unknown>> {
  const [destination, ...others] = answer.upstream?.destinations ?? [];
  const found: Record<string, unknown> = {};
  if (expect.destination !== undefined || expect.subset !== undefined) {
    if (others.length > 0) tell('its cluster is drawn by lot, so "destination" and "subset" are left out');
    else found['cluster_name'] = expectedCluster(expect, destination?.cluster ?? '');
  }
  if (expect.path !== undefined) found['path_rewrite'] = withQuery(expect.path.value, answer);
  if (expect.host !== undefined) found['host_rewrite'] = expect.host.value;
  if (expect.redirect !== undefined) found['path_redirect'] = expect.redirect.value;
  if (expect.unreachable?.value === true) found['cluster_name'] = '';
  if (expect.headers.length > 0)
    found['request_header_matches'] = expect.headers.map(({ name, at }) => ({
      name,
      string_match: { exact: at.value },
    }));
  for (const field of ['shares', 'status', 'route'] as const)
    if (expect[field] !== undefined) tell(`"${field}" is left out`);
  return found;
}

/** The cluster that a test means: what it says, and the rest as the routes have it now. */
function expectedCluster({ destination, subset }: RouteTest['expect'], actual: string): string {
  const now = parseClusterName(actual);
  if (now === undefined) return destination?.value ?? actual;
  const [, name = destination?.value ?? now.host, port = String(now.port)] =
    /^(.*):(\d+)$/.exec(destination?.value ?? '') ?? [];
  const host = now.host === name || now.host.startsWith(`${name}.`) ? now.host : name;
  return clusterName(Number(port), subset?.value ?? now.subset, host);
}

/** The tool compares path and query, a test without `?` the path alone. */
function withQuery(path: string, { request }: Explanation): string {
  return path.includes('?') ? path : fullPath({ path, query: request.query });
}

function plain(node: YamlNode | undefined): Plain {
  const value = resolve(node);
  if (value === undefined) return null;
  if (value.kind === 'seq') return itemsOf(value).map(plain);
  if (value.kind === 'map')
    return Object.fromEntries(value.entries.map(({ key, value: child }) => [key.source, plain(child)]));
  return value.value;
}

function isRecord(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: Plain | undefined): { readonly [key: string]: Plain } {
  return isRecord(value) ? value : {};
}

function list(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : [];
}

/** A scalar as a text; protobuf's wrapped strings (`{ value: … }`) as well. */
function text(value: Plain | undefined): string | undefined {
  if (isRecord(value)) return text(value['value']);
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
