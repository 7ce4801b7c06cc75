/** What is wrong with the commands in a header value. */
export interface FormatFault {
  /** Offset in the value of the percent sign that begins what is not ended. */
  readonly start: number;
  readonly message: string;
}

/**
 * Why Envoy cannot read the commands (`%NAME%`, `%NAME(argument)%`, `%NAME(["a", "b"])%`) in a header value; `undefined`
 * where it can. Which commands there are is not asked (Istio `validateHeaderValue`, after Envoy's parser of headers).
 */
export function formatFault(value: string): FormatFault | undefined {
  let at = value.indexOf('%');
  while (at >= 0) {
    if (value[at + 1] === '%') at += 2;
    else {
      const end = commandEnd(value, at + 1);
      if (typeof end !== 'number') return { start: at, message: end.message };
      at = end;
    }
    at = value.indexOf('%', at);
  }
  return undefined;
}

type End = number | { readonly message: string };

const OPEN = 'this "%" begins a command for Envoy that does not end; a percent sign itself is written "%%"';

/** The offset behind a command whose name begins at an offset. */
function commandEnd(value: string, from: number): End {
  for (let at = from; at < value.length; at++) {
    if (value[at] === '%') return at + 1;
    if (value[at] === '(') return behindArguments(value, at + 1);
  }
  return { message: OPEN };
}

function behindArguments(value: string, from: number): End {
  const at = behindBlanks(value, from);
  const closed = value[at] === '[' ? listEnd(value, at + 1) : textEnd(value, at + 1);
  if (typeof closed !== 'number') return closed;
  const end = behindBlanks(value, closed);
  if (end >= value.length) return { message: OPEN };
  return value[end] === '%' ? end + 1 : { message: 'behind the ")" of this command stands something else than "%"' };
}

/** The offset behind the `)` of an argument that is no list, or of the rest of one behind a text in it. */
function textEnd(value: string, from: number): End {
  for (let at = from; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === ')') return at + 1;
    else if (value[at] === '"') return listRest(value, at + 1);
  }
  return { message: OPEN };
}

function listEnd(value: string, from: number): End {
  const at = behindBlanks(value, from);
  if (at >= value.length) return { message: OPEN };
  return value[at] === '"'
    ? textEnd(value, at + 1)
    : { message: 'the arguments of this command are not texts in double quotes' };
}

function listRest(value: string, from: number): End {
  const at = behindBlanks(value, from);
  if (value[at] === ',') return listEnd(value, at + 1);
  if (at >= value.length) return { message: OPEN };
  if (value[at] !== ']') return { message: 'the arguments of this command are not parted by commas' };
  const end = behindBlanks(value, at + 1);
  if (end >= value.length) return { message: OPEN };
  return value[end] === ')' ? end + 1 : { message: 'the arguments of this command are not closed by ")"' };
}

function behindBlanks(value: string, from: number): number {
  let at = from;
  while (value[at] === ' ') at++;
  return at;
}
