import type { FieldDoc } from '../../schema/documentation.ts';
import type { Step } from '../../yaml/node.ts';
import { STATUS_NAMES } from '../status-names.ts';
import type { Offer } from './offer.ts';

/** HTTP methods, each with what it is for. */
const METHODS: Readonly<Record<string, string>> = {
  GET: 'Reads.',
  HEAD: 'Reads the headers only.',
  POST: 'Creates or acts. Every gRPC call is one.',
  PUT: 'Replaces.',
  PATCH: 'Changes in part.',
  DELETE: 'Deletes.',
  OPTIONS: 'Asks what is allowed, for example as the preflight of CORS.',
  CONNECT: 'Opens a tunnel.',
  TRACE: 'Echoes the request.',
};

export function methodOffers(): readonly Offer[] {
  return Object.entries(METHODS).map(([label, documentation]) => ({ label, kind: 'value', documentation }));
}

export function schemeOffers(): readonly Offer[] {
  return [
    { label: 'https', kind: 'value', documentation: 'Encrypted.' },
    { label: 'http', kind: 'value', documentation: 'Unencrypted.' },
  ];
}

/** Status codes with their names: those that the documentation of the field speaks of first, then what fits the field. */
export function statusOffers(fieldName: string | undefined, doc: FieldDoc | undefined): readonly Offer[] {
  const known = doc?.values ?? {};
  return [...STATUS_NAMES].flatMap(([code, name]): Offer[] => {
    const label = String(code);
    if (fieldName === 'redirectCode' ? known[label] === undefined : code >= 300 && code < 400) return [];
    const isError = code >= 500;
    // What is injected or counted is an error, as a rule.
    return [
      { label, kind: 'value', detail: name, rank: fieldName === 'redirectCode' || isError ? 3 : code >= 400 ? 4 : 5 },
    ];
  });
}

const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  'x-request-id': 'Id of the request, set by the proxy.',
  'x-forwarded-for': 'Addresses of the client and of the proxies on the way.',
  'x-forwarded-proto': 'Scheme that the client used.',
  'x-forwarded-host': 'Host that the client asked for.',
  'x-forwarded-client-cert': 'What the proxy knows of the certificate of the client.',
  'x-envoy-external-address': 'Address of the client, as far as it is trusted.',
  'x-b3-traceid': 'Trace of the request, in the headers of Zipkin.',
  traceparent: 'Trace of the request, as the W3C defines it.',
  authorization: 'Credentials of the user.',
  cookie: 'Cookies of the client, all in one value.',
  'user-agent': 'Program that sends the request.',
  'content-type': 'Type of the body.',
  accept: 'Types that the client understands.',
  'accept-language': 'Languages that the user prefers.',
  origin: 'Page from which a browser sends the request.',
  referer: 'Page that the user came from.',
};

const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'How long and by whom the response may be kept.',
  'strict-transport-security': 'Tells browsers to use HTTPS only, for some time.',
  'x-content-type-options': '`nosniff` tells browsers to believe the content type.',
  'x-frame-options': 'Whether the page may be shown inside another one.',
  'content-security-policy': 'From where a page may load what.',
  'referrer-policy': 'What browsers tell other sites about this page.',
  'set-cookie': 'A cookie for the client.',
  'content-type': 'Type of the body.',
  server: 'Program that answers.',
  'x-powered-by': 'Framework that answers; better not told.',
  'x-envoy-upstream-service-time': 'Milliseconds that the service took.',
  'x-envoy-decorator-operation': 'Name of the operation in traces.',
};

/** Names of common headers, of responses where the place is about those. */
export function headerNames(path: readonly Step[]): readonly Offer[] {
  const isResponse = path.includes('response') || path.includes('exposeHeaders');
  return Object.entries(isResponse ? RESPONSE_HEADERS : REQUEST_HEADERS).map(([label, documentation]) => ({
    label,
    kind: 'value',
    documentation,
  }));
}
