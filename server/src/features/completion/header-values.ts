import { COMMAND_OPERATORS } from '../command-operators.ts';
import { sentence } from '../field-markdown.ts';
import type { CompletionItem } from '../types.ts';
import type { Context } from './context.ts';
import { itemsOf, type Offer } from './offer.ts';
import { isPlain, scalarText } from './scalar-text.ts';
import type { Slot } from './slot.ts';
import { escapeSnippet, plainSnippet } from './snippet-text.ts';

/** Operators as people use them most, with their arguments; `<…>` is to be filled in. */
const COMMON: readonly string[] = [
  'REQ(<:path>)',
  'REQ(<x-request-id>)',
  'START_TIME',
  'START_TIME(%s.%3f)',
  'DOWNSTREAM_REMOTE_ADDRESS',
  'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
  'REQUESTED_SERVER_NAME',
  'DOWNSTREAM_PEER_URI_SAN',
  'UPSTREAM_HOST',
  'UPSTREAM_CLUSTER',
  'ROUTE_NAME',
  'HOSTNAME',
  'PROTOCOL',
];

/** Arguments that an operator does not work without. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  REQ: '(<x-request-id>)',
  RESP: '(<content-type>)',
  TRAILER: '(<grpc-status>)',
  QUERY_PARAM: '(<name>)',
  COMMON_DURATION: '(<DS_RX_BEG>:<DS_TX_END>:<ms>)',
  DYNAMIC_METADATA: '(<namespace>:<key>)',
  CLUSTER_METADATA: '(<namespace>:<key>)',
  UPSTREAM_METADATA: '(<namespace>:<key>)',
  METADATA: '(<ROUTE>:<namespace>:<key>)',
  FILTER_STATE: '(<key>)',
  UPSTREAM_FILTER_STATE: '(<key>)',
  ENVIRONMENT: '(<NAME>)',
};

/** They make sense in logs only, or need more than can be filled in. */
const NOT_IN_HEADERS: readonly string[] = [
  'ACCESS_LOG_TYPE',
  'EMIT_TIME',
  'LOCAL_REPLY_BODY',
  'CUSTOM_FLAGS',
  'COALESCE',
];

interface Operator {
  /** `%REQ(:path)%`, with the holes filled. */
  readonly label: string;
  /** In snippet syntax. */
  readonly template: string;
  readonly line: string;
  readonly rank: number;
}

const OPERATORS: readonly Operator[] = [
  ...COMMON.map(text => operator(text, 2)),
  ...[...COMMAND_OPERATORS.keys()]
    .filter(name => !NOT_IN_HEADERS.includes(name) && !COMMON.includes(name) && name !== 'REQ')
    .map(name => operator(`${name}${ARGUMENTS[name] ?? ''}`, 4)),
];

function operator(text: string, rank: number): Operator {
  let stops = 0;
  const template = escapeSnippet(`%${text}%`).replaceAll(/<([^>]*)>/g, (_, hole: string) => `\${${++stops}:${hole}}`);
  const name = /^\w+/.exec(text)?.[0] ?? '';
  return { label: plainSnippet(template), template, line: COMMAND_OPERATORS.get(name) ?? '', rank };
}

/**
 * Command operators of Envoy in a header value: behind a `%` that begins one, and where nothing stands yet. What stands
 * around is kept; quotes are added where the value would not be YAML without.
 */
export function headerValueItems(context: Context, slot: Slot): readonly CompletionItem[] {
  const { cursor, document, base, offset } = context;
  const { prefix, quote, word, flow } = cursor;
  const open = openPercent(prefix);
  if (open === undefined && prefix !== '') return [];
  const before = prefix.slice(0, open ?? prefix.length);
  const rest = document.text.slice(offset, word.end);
  const isClosed = quote !== undefined && rest.endsWith(quote);
  const behind = isClosed ? rest.slice(0, -1) : rest;
  const tail = open === undefined ? '' : (/^[A-Z0-9_]*(?:\([^)%]*\))?(?::\d+)?%?/.exec(behind)?.[0] ?? '');
  const after = behind.slice(tail.length);
  const start = offset - prefix.length + before.length;
  const offers = OPERATORS.map(({ label, template, line, rank }): Offer & { template: string } => {
    const documentation = sentence(line);
    return { label, kind: 'value', detail: 'Envoy', documentation, rank, template };
  });
  const isSafe = quote !== undefined || (before !== '' && isPlain(`${before}%X%${after}`, { flow, isText: true }));
  if (isSafe) {
    const inner: Slot = {
      ...slot,
      quote: undefined,
      skipped: '',
      before: prefix === '' && quote === undefined ? slot.before : '',
      replace: { start: base + start, end: base + offset + tail.length },
    };
    const close = isClosed ? '' : (quote ?? '');
    return itemsOf(
      offers.map(({ template, ...offer }) => ({ ...offer, lines: [template + close] })),
      inner,
    );
  }
  // The whole value goes into quotes.
  const [head, foot] = [escapeSnippet(inQuotes(before)), escapeSnippet(inQuotes(after))];
  const quotedOffers = offers.map(({ template, ...offer }) => ({ ...offer, lines: [`"${head}${template}${foot}"`] }));
  return itemsOf(quotedOffers, { ...slot, skipped: slot.skipped + before });
}

function inQuotes(text: string): string {
  return scalarText(text, { quote: '"', flow: false, isText: true }).slice(1, -1);
}

/** Where an operator has begun and not ended; `%%` is a percent sign. */
function openPercent(text: string): number | undefined {
  let open: number | undefined;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '%') continue;
    if (open === undefined && text[i + 1] === '%') i++;
    else open = open === undefined ? i : undefined;
  }
  return open;
}
