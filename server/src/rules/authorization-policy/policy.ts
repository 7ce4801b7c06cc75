import type { TypedResource } from '../../model/decode.ts';
import type { Located } from '../../text/range.ts';
import { Fields } from '../fields.ts';

/** What Istio reads in an AuthorizationPolicy; conditions of one entry all have to hold. */
export interface Policy {
  readonly spec: Fields;
  /** `ALLOW` where none is written. */
  readonly action: string;
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  readonly fields: Fields;
  readonly sources: readonly Fields[];
  readonly operations: readonly Fields[];
  readonly conditions: readonly Fields[];
}

/** Fields of `from.source` that hold texts of one form. */
export const SOURCE_FIELDS: readonly string[] = both(
  'principals',
  'requestPrincipals',
  'namespaces',
  'ipBlocks',
  'remoteIpBlocks',
  'serviceAccounts',
  'trustDomains',
);

/** Fields of `to.operation`. */
export const OPERATION_FIELDS: readonly string[] = both('hosts', 'ports', 'methods', 'paths');

/** A field and what it is called when it says what must not be. */
function both(...fields: readonly string[]): readonly string[] {
  return fields.flatMap(field => [field, `not${field[0]?.toUpperCase() ?? ''}${field.slice(1)}`]);
}

export function policyOf(resource: TypedResource): Policy | undefined {
  const spec = Fields.spec(resource, 'AuthorizationPolicy');
  if (spec === undefined) return undefined;
  const rules = spec.objects('rules').map(
    (fields): PolicyRule => ({
      fields,
      sources: fields.objects('from').flatMap(from => from.object('source') ?? []),
      operations: fields.objects('to').flatMap(to => to.object('operation') ?? []),
      conditions: fields.objects('when'),
    }),
  );
  return { spec, action: spec.string('action')?.value ?? 'ALLOW', rules };
}

/** The texts of `values` and `notValues` of a condition. */
export function valuesOf(condition: Fields): readonly Located<string>[] {
  return [...condition.strings('values'), ...condition.strings('notValues')];
}
