import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Position, SourceFile } from '../analysis.ts';
import type { DocumentChange } from './documents.ts';
import { isRecord } from './settings.ts';

/** The answer to parameters that cannot be understood. */
export function invalid(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}

/**
 * The value at a path of keys.
 *
 * @throws ResponseError when a step on the way is no object
 */
export function readField(params: unknown, ...path: readonly string[]): unknown {
  let value = params;
  for (const [i, key] of path.entries()) {
    if (!isRecord(value)) throw invalid(`"${path.slice(0, i).join('.') || 'params'}" is not an object`);
    value = value[key];
  }
  return value;
}

/** @throws ResponseError when there is no string at the path */
export function readString(params: unknown, ...path: readonly string[]): string {
  const value = readField(params, ...path);
  if (typeof value !== 'string') throw invalid(`"${path.join('.')}" is not a string`);
  return value;
}

/** The list at a path; @throws ResponseError when there is none */
export function readList(params: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = readField(params, ...path);
  if (!Array.isArray(value)) throw invalid(`"${path.join('.')}" is not a list`);
  return value;
}

/** A version of a document; 0 where the client sends none. */
export function readVersion(params: unknown): number {
  const version = readField(params, 'textDocument', 'version');
  return typeof version === 'number' ? version : 0;
}

/** @throws ResponseError for what is no position: lines and characters are whole numbers, 0-based */
export function readPosition(value: unknown): Position {
  const line = readField(value, 'line');
  const character = readField(value, 'character');
  if (!isIndex(line) || !isIndex(character)) throw invalid(`${JSON.stringify(value)} is not a position`);
  return { line, character };
}

/** @throws ResponseError for what is no range */
export function readRange(value: unknown): { readonly start: Position; readonly end: Position } {
  return { start: readPosition(readField(value, 'start')), end: readPosition(readField(value, 'end')) };
}

/** An edit of a document; @throws ResponseError for what is none */
export function readChange(value: unknown): DocumentChange {
  const range = readField(value, 'range');
  const text = readString(value, 'text');
  return { range: range === undefined || range === null ? undefined : readRange(range), text };
}

/** The offset of a position in a file. A character behind the end of its line is moved to that end, before the break. */
export function offsetOf({ lines, text }: SourceFile, position: Position): number {
  const start = lines.lineStart(position.line);
  let offset = lines.offset(position);
  while (offset > start && isBreak(text[offset - 1])) offset--;
  return offset;
}

function isBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
