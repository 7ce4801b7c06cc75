import type { DestinationRule } from '../../model/destination-rule.ts';
import type { Facts } from '../../schema/facts.ts';
import type { Fields } from '../fields.ts';
import { type Block, blocksOf } from './settings.ts';

/** The TLS settings of the policies of a rule, with their mode. */
export function clientTls(
  rule: DestinationRule,
  facts: Facts,
): readonly { readonly block: Block; readonly mode: string }[] {
  return blocksOf(rule, facts, 'ClientTLSSettings').flatMap(block => {
    const mode = block.fields.string('mode')?.value;
    return mode === undefined ? [] : [{ block, mode }];
  });
}

/** Those of some fields that say something. */
export function saidFields(tls: Fields, names: readonly string[]): readonly string[] {
  return names.filter(name => (tls.string(name)?.value ?? '') !== '' || tls.count(name) > 0);
}
