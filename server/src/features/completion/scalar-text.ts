import { resolvePlain } from '../../yaml/scalar.ts';

export interface ScalarStyle {
  /** The quote that the user has begun with. */
  readonly quote: '"' | "'" | undefined;
  readonly flow: boolean;
  /** The value has to stay a text, also where it looks like a number or a boolean. */
  readonly isText: boolean;
}

/** A value as YAML writes it: plain where that is read back as the same value, else in quotes. */
export function scalarText(value: string, style: ScalarStyle): string {
  if (style.quote === "'") return `'${value.replaceAll("'", "''")}'`;
  if (style.quote === '"') return doubleQuoted(value);
  if (isPlain(value, style)) return value;
  return value.includes('\\') && !value.includes("'") ? `'${value}'` : doubleQuoted(value);
}

/** Whether a value can stand without quotes. */
export function isPlain(value: string, { flow, isText }: Pick<ScalarStyle, 'flow' | 'isText'>): boolean {
  if (value === '' || value.trim() !== value || /[\n\r\t]/.test(value)) return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(value) || /^[-?:](?:\s|$)/.test(value)) return false;
  if (/:(?:\s|$)/.test(value) || /\s#/.test(value)) return false;
  if (flow && /[,[\]{}]/.test(value)) return false;
  return !isText || typeof resolvePlain(value) === 'string';
}

function doubleQuoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
