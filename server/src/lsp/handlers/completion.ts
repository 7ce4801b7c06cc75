import type { CompletionItem } from 'vscode-languageserver';
import { readField } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { toCompletionItem } from '../to-completion.ts';
import { placeOf } from './at.ts';

/** Characters after which an editor asks by itself. */
export const TRIGGER_CHARACTERS: readonly string[] = [' ', '-', '/', ',', '.', '%', '"', "'", '[', '{'];

/** What can be written at a place. */
export function completion(session: Session, params: unknown): CompletionItem[] | undefined {
  const at = placeOf(session, params);
  if (at === undefined || isIdleSpace(at.file.text, at.offset, params)) return undefined;
  const items = session.features.completion(at.snapshot, at.file.file, at.offset);
  return items.map(item => toCompletionItem(at.view, at.file, at.offset, item));
}

/** A space that only indents, or parts words: it asks for nothing. Behind `:`, `-` and `,` a value is expected. */
function isIdleSpace(text: string, offset: number, params: unknown): boolean {
  const context = readField(params, 'context');
  if (context === undefined || context === null || readField(context, 'triggerCharacter') !== ' ') return false;
  return !/[:,\-[{] $/.test(text.slice(Math.max(0, offset - 2), offset));
}
