import type { TestRequest } from '../../model/route-test/decode.ts';
import { type HttpRequest, parseRequest, type RequestFault, splitRequestLine } from './request.ts';

/** The request of a route test, or why it is none. */
export function parseTestRequest({ line, method, url, headers }: TestRequest): HttpRequest | RequestFault {
  return parseRequest(line === undefined ? { method, url, headers } : { ...splitRequestLine(line), headers });
}
