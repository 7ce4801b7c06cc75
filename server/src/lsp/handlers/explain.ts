import type { ExplainAnswer, ExplainParams, HeaderView } from '../../contract/explain.ts';
import { invalid, readField, readList, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { isRecord } from '../settings.ts';

/** `istio/explain`: what a proxy does with one request. A request that is none is answered with a sentence. */
export function explain(session: Session, params: unknown): ExplainAnswer {
  return session.routes.explain(readExplainParams(params));
}

/** @throws ResponseError for what is no question at all */
function readExplainParams(params: unknown): ExplainParams {
  const labels = readField(params, 'labels');
  if (labels !== undefined && labels !== null && !isLabels(labels))
    throw invalid('"labels" is not an object of strings');
  return {
    request: {
      method: readString(params, 'request', 'method'),
      url: readString(params, 'request', 'url'),
      headers: readList(params, 'request', 'headers').map(readHeader),
    },
    ...optional(params, 'viewpoint'),
    ...optional(params, 'gateway'),
    ...optional(params, 'sidecar'),
    ...(isLabels(labels) && { labels }),
  };
}

function readHeader(value: unknown): HeaderView {
  const [name, text] = Array.isArray(value) ? value : [];
  if (typeof name !== 'string' || typeof text !== 'string') throw invalid('a header is not a list of name and value');
  return [name, text];
}

function optional<K extends string>(params: unknown, key: K): { [P in K]?: string } {
  const value = readField(params, key);
  return value === undefined || value === null ? {} : ({ [key]: readString(params, key) } as { [P in K]?: string });
}

function isLabels(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every(text => typeof text === 'string');
}
