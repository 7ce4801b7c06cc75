import type { Located } from '../../text/range.ts';
import { changeTo, type replaceString } from '../edits.ts';
import { acceptedWithWarning, Fields, refused, refusedByServer } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { jwksFault, privateKey } from './jwks.ts';

export const invalidJwks = resourceRule({
  id: 'request-authentication/invalid-jwks',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'IST0133', 'RA-04', 'RA-05', 'RA-06', 'CEL-27', 'CEL-28'],
  summary: 'Keys for tokens that cannot be read, or that nobody should read.',
  why: 'Istio fetches the keys from `jwksUri` over HTTP, or finds them in `jwks` as a JSON Web Key Set. With others no token is ever valid, so it refuses the policy. Keys in a manifest are public: private ones do not belong there.',
  remedy: 'Write an `http://` or `https://` address, or the set of public keys as JSON: `{ "keys": [ … ] }`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  jwtRules: [{ issuer: https://login.example.com, jwksUri: login.example.com/keys }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  jwtRules: [{ issuer: https://login.example.com, jwksUri: https://login.example.com/keys }]
`,
  *check(resource) {
    for (const rule of Fields.spec(resource, 'RequestAuthentication')?.objects('jwtRules') ?? []) {
      const uri = rule.string('jwksUri') ?? rule.string('jwks_uri');
      const jwks = rule.string('jwks');
      if (uri !== undefined && rule.has('jwks')) {
        yield {
          at: rule.key('jwks'),
          message: '"jwks" and "jwksUri" exclude each other: the keys are either written down or fetched',
          related: [{ at: uri, message: 'the keys are fetched' }],
          ...refusedByServer('CEL-27'),
        };
      }
      if (uri !== undefined && uri.value !== '') yield* judgeUri(uri, resource.document);
      if (jwks !== undefined && jwks.value !== '') yield* judgeKeys(jwks);
    }
  },
});

function* judgeUri(uri: Located<string>, document: Parameters<typeof replaceString>[0]): Generator<Finding> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri.value)?.[1]?.toLowerCase();
  const isHttp = scheme === 'http' || scheme === 'https';
  if (isHttp && isParsed(uri.value)) return;
  const isBare = scheme === undefined && /^[a-z0-9.-]+\.[a-z]+(\/|$)/i.test(uri.value);
  const whole = `https://${uri.value}`;
  yield {
    at: uri,
    message: isHttp
      ? `${quoted(uri.value)} is no address that Istio can read`
      : `${quoted(uri.value)} is no address to fetch keys from: it begins with "http://" or "https://"`,
    fixes: isBare ? [changeTo(document, uri, whole)] : [],
    ...refused('RA-04', 'CEL-28'),
  };
}

/** What Go's `url.Parse` refuses: control characters, bad escapes, a host with spaces, a port that is no number. */
function isParsed(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false;
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return !/[\s<>"\\^`{|}]/.test(host) && /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.test(host);
}

function* judgeKeys(jwks: Located<string>): Generator<Finding> {
  const fault = jwksFault(jwks.value);
  const at = { anchor: jwks.anchor, start: jwks.start, end: Math.min(jwks.end, jwks.start + 40) };
  if (fault !== undefined) {
    yield { at, message: `"jwks" is no JSON Web Key Set: ${fault}`, ...refused('RA-05') };
  } else if (privateKey(jwks.value) !== undefined) {
    const message = `key ${(privateKey(jwks.value) ?? 0) + 1} of "jwks" is a private one: who reads this manifest can issue tokens, and only public keys are used`;
    yield { at, message, ...acceptedWithWarning('RA-06') };
  }
}
