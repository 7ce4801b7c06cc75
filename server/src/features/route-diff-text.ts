import type { WitnessView } from '../contract.ts';
import type { DiffEntry, DiffSide, RouteDiff } from './route-diff.ts';

/** The difference for other programs. Lines are 1-based. */
export function routeDiffJson({ changes, undecided }: RouteDiff): object {
  return {
    changes: changes.map(({ viewpoints, domains, witness: { curl, ...request }, before, after }) => ({
      viewpoints,
      domains,
      witness: request,
      curl,
      before: sideJson(before),
      after: sideJson(after),
    })),
    undecided,
  };
}

function sideJson({ action, source }: DiffSide): object {
  if (source === undefined) return { action, source: null };
  const { resource, http, match, place } = source;
  return { action, source: { resource, path: place.path, line: place.line, http, match: match ?? null } };
}

/** The difference for a terminal. */
export function routeDiffText(diff: RouteDiff): string {
  const blocks = diff.changes.map(change => {
    const { before, after, viewpoints } = change;
    return [
      requestText(change.witness),
      `  before  ${sideText(before)}`,
      `  after   ${sideText(after)}`,
      `  in      ${viewpointsText(viewpoints)}`,
    ].join('\n');
  });
  return `${[...blocks, summary(diff)].join('\n\n')}\n`;
}

/** The difference as a comment on a pull request. */
export function routeDiffMarkdown(diff: RouteDiff): string {
  const head = ['## What this does to requests', '', `${summary(diff)}.`];
  if (diff.changes.length === 0) return `${head.join('\n')}\n`;
  const rows = diff.changes.map(({ witness, before, after, viewpoints }) =>
    [
      `| ${code(requestText(witness))}`,
      cell(sideText(before)),
      cell(sideText(after)),
      `${cell(viewpointsText(viewpoints))} |`,
    ].join(' | '),
  );
  const table = ['| A request such as | goes now to | and then to | seen from |', '| --- | --- | --- | --- |', ...rows];
  const commands = diff.changes.map(({ witness }) => witness.curl);
  const try_ = [
    '<details><summary>The requests as commands</summary>',
    '',
    '```sh',
    ...commands,
    '```',
    '',
    '</details>',
  ];
  return `${[...head, '', ...table, '', ...try_].join('\n')}\n`;
}

function summary({ changes, undecided }: RouteDiff): string {
  const number = changes.length;
  const main =
    number === 0
      ? 'No request goes anywhere else'
      : `${number} ${number === 1 ? 'set of requests goes' : 'sets of requests go'} somewhere else`;
  return undecided === 0
    ? main
    : `${main}; ${undecided} ${undecided === 1 ? 'pair' : 'pairs'} of routes could not be compared`;
}

/** `GET http://reviews/v2?x=1 with x-user: jane` */
function requestText({ method, scheme, authority, path, query, headers, claims }: WitnessView): string {
  const with_ = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...claims.map(claim => `a token with the claim ${claim}`),
  ];
  const url = `${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
  return `${method} ${url}${with_.length === 0 ? '' : ` with ${with_.join(', ')}`}`;
}

function sideText({ action, source }: DiffSide): string {
  if (source === undefined) return action;
  return `${action} (${source.resource} ${source.rule}, ${source.place.path}:${source.place.line})`;
}

const SHOWN = 3;

function viewpointsText(viewpoints: DiffEntry['viewpoints']): string {
  const shown = viewpoints.slice(0, SHOWN).map(({ label }) => label);
  const more = viewpoints.length - shown.length;
  return more === 0 ? shown.join('; ') : `${shown.join('; ')}; and ${more} more`;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
