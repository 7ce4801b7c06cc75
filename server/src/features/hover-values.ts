import { formatDuration, parseDuration } from '../model/duration.ts';
import type { ScalarNode } from '../yaml/node.ts';
import { COMMAND_OPERATORS, operatorsIn } from './command-operators.ts';
import type { HoverPoint } from './hover-point.ts';
import { bold, code, warning } from './markdown.ts';
import { STATUS_NAMES } from './status-names.ts';

/** What is said of a value or a word of it. */
export interface WordHover {
  /** Offsets of the document. */
  readonly at: HoverPoint['at'];
  readonly markdown: string;
}

/**
 * What a value means: an enum's or a well-known word, a status, a duration, a regular expression, a condition on a path.
 * Words of a `retryOn` list and command operators of header values stand for themselves.
 */
export function valueHover(point: HoverPoint): WordHover | undefined {
  const { value, place, on } = point;
  if (on !== 'value' || value?.kind !== 'scalar' || place?.field === undefined) return undefined;
  switch (place.field.value) {
    case 'retryOn':
      return retryWord(point, value);
    case 'headerValue':
      return operator(point, value);
    case 'duration':
      return whole(point, durationText(value.source));
    case 'httpStatus':
      return whole(point, knownWord(point, value.source) ?? statusText(value.source));
    default:
      return whole(point, knownWord(point, value.source));
  }
}

function whole({ at }: HoverPoint, markdown: string | undefined): WordHover | undefined {
  return markdown === undefined ? undefined : { at, markdown };
}

/** The line that the documentation has for a value; for names of protocols the case does not matter. */
function knownWord({ documentation, place }: HoverPoint, word: string): string | undefined {
  const values = documentation?.values ?? {};
  const ignoreCase = place?.field?.value === 'protocol';
  const key = Object.keys(values).find(
    name => name === word || (ignoreCase && name.toLowerCase() === word.toLowerCase()),
  );
  const line = key === undefined ? undefined : values[key];
  if (key === undefined || line === undefined) return undefined;
  const kind = place?.field?.value === 'retryOn' ? 'word' : 'value';
  return `${bold(key)} · ${kind} of ${code(place?.fieldName ?? '')}\n\n${sentence(line)}`;
}

function statusText(source: string): string | undefined {
  const name = STATUS_NAMES.get(Number(source));
  return name === undefined ? undefined : `${bold(source)} ${name}`;
}

/** A duration as one would say it, where that differs from what is written. */
function durationText(source: string): string | undefined {
  const milliseconds = parseDuration(source);
  if (milliseconds === undefined) return undefined;
  const reading = formatDuration(milliseconds);
  return reading === source || milliseconds < 0 ? undefined : `${code(source)} = ${bold(reading)}`;
}

/** The word of a comma list that holds the offset; in a quoted text the positions are those of the text behind the quote. */
function retryWord(point: HoverPoint, value: ScalarNode): WordHover | undefined {
  const { text, start } = written(point, value);
  const inText = point.offset - start;
  let from = 0;
  for (const part of text.split(',')) {
    const to = from + part.length;
    if (from <= inText && inText <= to) {
      const word = part.trim();
      const markdown = retryStatus(word) ?? knownWord(point, word);
      const begin = start + from + part.indexOf(word);
      return markdown === undefined ? undefined : { at: { start: begin, end: begin + word.length }, markdown };
    }
    from = to + 1;
  }
  return undefined;
}

function retryStatus(word: string): string | undefined {
  const status = Number(word);
  if (!/^\d{3}$/.test(word)) return undefined;
  const name = STATUS_NAMES.get(status);
  const risk =
    status >= 500 ? ' The service may have processed such a request already, so use it for idempotent calls only.' : '';
  return `${bold(word)}${name === undefined ? '' : ` ${name}`} · word of \`retryOn\`\n\nAnswers with this status are retried. Istio adds \`retriable-status-codes\` by itself.${risk}`;
}

/** The text as it stands in the document, without quotes, and where it begins. Escapes are left as they are. */
function written({ at, document }: HoverPoint, value: ScalarNode): { readonly text: string; readonly start: number } {
  const text = document.text.slice(at.start, at.end);
  const isQuoted = value.style === 'single' || value.style === 'double';
  return isQuoted && /^["']/.test(text) ? { text: text.slice(1, -1), start: at.start + 1 } : { text, start: at.start };
}

/** The command operator that holds the offset. */
function operator(point: HoverPoint, value: ScalarNode): WordHover | undefined {
  const { text, start } = written(point, value);
  const inText = point.offset - start;
  const found = operatorsIn(text).find(({ start: from, end }) => from <= inText && inText <= end);
  if (found === undefined) return undefined;
  const at = { start: start + found.start, end: start + found.end };
  const line = COMMAND_OPERATORS.get(found.name);
  const head = `${bold(`%${found.name}%`)} · command operator of Envoy`;
  const meaning =
    line === undefined
      ? warning('Not an operator that we know. Envoy refuses routes with one that it does not know either.')
      : sentence(line);
  return { at, markdown: `${head}\n\n${meaning}` };
}

/** A line of the documentation as a sentence. */
function sentence(text: string): string {
  const start = /^[a-z][a-z\s-]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
