import {
  type AuthorizationRule,
  actionOf,
  asPolicy,
  authorizationRules,
  type Condition,
  isForAll,
  type Policy,
} from '../rules/policies.ts';
import { allOf, oneOf } from '../rules/words.ts';
import type { HoverPoint } from './hover-point.ts';
import { blocks, bold, bullets, code } from './markdown.ts';

/** More rules than this make a text that nobody reads. */
const MAX_RULES = 12;
const MAX_VALUES = 6;

/**
 * An AuthorizationPolicy said in words: whom it is for, what it does with whom, and what happens to all others. On
 * `rules`, `action` and the kind; on the dash of a rule that rule, on `from`, `to` and `when` how its parts combine.
 */
export function authorizationHover(point: HoverPoint): string | undefined {
  const { path, on, resource, snapshot } = point;
  const policy = asPolicy(resource, 'AuthorizationPolicy');
  if (policy === undefined) return undefined;
  const [root, field, index, part] = path;
  if (root === 'spec' && path.length === 2 && (field === 'rules' || field === 'action') && on === 'key')
    return policyText(policy, snapshot.settings.mesh.rootNamespace);
  if (root !== 'spec' || field !== 'rules' || typeof index !== 'number') return undefined;
  const rule = authorizationRules(policy)[index];
  if (rule === undefined) return undefined;
  if (on === 'item' && path.length === 3) return blocks([`${bold(`rules[${index}]`)} · ${ruleText(rule)}`, HOW_RULE]);
  if (on === 'key' && path.length === 4 && (part === 'from' || part === 'to' || part === 'when')) return partText(part);
  return undefined;
}

const HOW_RULE = `Within a rule ${code('from')}, ${code('to')} and ${code('when')} must ${bold('all')} fit (AND). Of several rules ${bold('one')} is enough (OR).`;

function partText(part: 'from' | 'to' | 'when'): string {
  if (part === 'when')
    return `${bold('All')} entries must hold (AND), beside ${code('from')} and ${code('to')}; of the values of one entry one is enough.`;
  const item = part === 'from' ? 'source' : 'operation';
  const other = part === 'from' ? 'to' : 'from';
  return `${bold('One')} of the entries is enough (OR). Within one ${code(item)} all fields must hold (AND), each with one of its values. ${code(other)} and ${code('when')} of the same rule must hold as well.`;
}

/** The whole policy. */
export function policyText(policy: Policy, rootNamespace: string): string {
  const action = actionOf(policy).value;
  const rules = authorizationRules(policy);
  const whom = `For ${targetText(policy, rootNamespace)}:`;
  const shown = rules.slice(0, MAX_RULES).map(ruleText);
  const more = rules.length > MAX_RULES ? [`and ${rules.length - MAX_RULES} more rules`] : [];
  return blocks([
    whom,
    headText(action, rules),
    rules.length === 0 ? undefined : bullets([...shown, ...more]),
    tailText(action, rules),
  ]);
}

function headText(action: string, rules: readonly AuthorizationRule[]): string {
  const when = rules.length > 1 ? `when ${bold('one')} of ${rules.length} rules fits` : 'when this fits';
  switch (action) {
    case 'DENY':
      return rules.length === 0
        ? `${bold('DENY')} without rules denies nothing.`
        : `A request is ${bold('refused')} ${when}:`;
    case 'AUDIT':
      return `A request is ${bold('audited')} ${when}:`;
    case 'CUSTOM':
      return `A request is ${bold('sent to the provider')}, which decides, ${when}:`;
    default:
      return rules.length === 0
        ? `${bold('Nothing')} is allowed: a policy of ALLOW without rules fits no request.`
        : `A request is ${bold('allowed')} ${when}:`;
  }
}

function tailText(action: string, rules: readonly AuthorizationRule[]): string | undefined {
  if (action === 'DENY' || action === 'CUSTOM')
    return `All others go on to the policies with ALLOW. DENY comes before ALLOW, CUSTOM before both.`;
  if (action === 'AUDIT') return 'Nothing is refused by it.';
  if (rules.some(isForEverybody)) return 'That is every request.';
  return `Every other request is refused with 403, unless another policy with ALLOW fits.`;
}

function isForEverybody({ from, to, when }: AuthorizationRule): boolean {
  return from.length + to.length + when.length === 0;
}

function targetText(policy: Policy, rootNamespace: string): string {
  const { resource, selector = [], targetRefs } = policy;
  const isRoot = resource.namespace === rootNamespace;
  if (targetRefs.length > 0)
    return allOf(targetRefs.map(({ kind, name }) => `${kind?.value ?? 'target'} ${code(name?.value ?? '')}`));
  if (isForAll(policy))
    return isRoot ? `${bold('all workloads of the mesh')}` : `all workloads of namespace ${code(resource.namespace)}`;
  const labels = allOf(selector.map(({ key, value }) => code(`${key.value}: ${value.value}`)));
  return `workloads with ${labels}${isRoot ? ' in every namespace' : ` in namespace ${code(resource.namespace)}`}`;
}

/** One rule as a sentence without a stop. */
function ruleText(rule: AuthorizationRule): string {
  if (isForEverybody(rule)) return 'any request';
  const { from, to, when } = rule;
  const who = from.length === 0 ? 'from anybody' : oneOf(from.map(source => sourceText(source)));
  const what = to.length === 0 ? [] : [oneOf(to.map(operation => operationText(operation)))];
  const conditions = when.map(({ key, values, notValues }) => {
    const parts = [
      ...(values.length > 0 ? [`is ${oneOf(valuesText(values))}`] : []),
      ...(notValues.length > 0 ? [`is not ${oneOf(valuesText(notValues))}`] : []),
    ];
    return `${code(key?.value ?? '')} ${parts.join(' and ')}`;
  });
  const rest = conditions.length === 0 ? [] : [`when ${allOf(conditions)}`];
  return [who, ...what, ...rest].join(`, ${bold('and')} `);
}

const SOURCES: Readonly<Record<string, string>> = {
  principals: 'identity',
  requestPrincipals: 'JWT identity',
  namespaces: 'namespace',
  serviceAccounts: 'service account',
  trustDomains: 'trust domain',
  ipBlocks: 'address',
  remoteIpBlocks: 'original address',
};
const OPERATIONS: Readonly<Record<string, string>> = {
  hosts: 'host',
  ports: 'port',
  methods: 'method',
  paths: 'path',
};

function sourceText({ fields }: Condition): string {
  return fields.length === 0 ? 'from anybody' : `from ${fieldsText(fields, SOURCES)}`;
}

function operationText({ fields }: Condition): string {
  return fields.length === 0 ? 'anything' : `with ${fieldsText(fields, OPERATIONS)}`;
}

function fieldsText(fields: Condition['fields'], names: Readonly<Record<string, string>>): string {
  return allOf(
    fields.map(({ key, value }) => {
      const isNot = key.value.startsWith('not') && !(key.value in names);
      const plain = isNot ? key.value.charAt(3).toLowerCase() + key.value.slice(4) : key.value;
      const values = valuesText(value);
      return `${names[plain] ?? plain} ${isNot ? 'other than ' : ''}${oneOf(values)}`;
    }),
  );
}

function valuesText(values: readonly { readonly value: string }[]): readonly string[] {
  const shown = values.slice(0, MAX_VALUES).map(({ value }) => code(value));
  return values.length > MAX_VALUES ? [...shown, `${values.length - MAX_VALUES} more`] : shown;
}
