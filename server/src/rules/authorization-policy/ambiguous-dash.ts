import type { AuthorizationRule, Policy } from '../policies.ts';
import { actionOf, asPolicy, authorizationRules } from '../policies.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ambiguousDash = resourceRule({
  id: 'authorization-policy/ambiguous-dash',
  severity: 'information',
  on: ['Other'],
  summary: 'Two rules look as if they were meant to be one: a dash makes OR of AND.',
  why: 'Each item of `rules` stands for itself, and one that fits is enough. `- from:` and then `- to:` allow everything to those sources, and the operations to everybody.',
  remedy: 'For “these sources may do these operations” write `from` and `to` into one item, without the second dash.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules:
    - from: [{ source: { namespaces: [shop] } }]
    - to: [{ operation: { methods: [GET] } }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules:
    - from: [{ source: { namespaces: [shop] } }]
      to: [{ operation: { methods: [GET] } }]
`,
  *check(resource) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    const rules = authorizationRules(policy);
    for (const [index, rule] of rules.entries()) {
      const previous = rules[index - 1];
      if (previous !== undefined && areHalves(previous, rule)) yield ofRules(policy, previous, rule);
      yield* ofSources(rule);
    }
  },
});

/** One says only who, the other only what. */
function areHalves(first: AuthorizationRule, second: AuthorizationRule): boolean {
  const only = (rule: AuthorizationRule, part: 'from' | 'to'): boolean =>
    rule.node.entries.length === 1 && rule[part].length > 0;
  return only(first, 'from') && only(second, 'to');
}

function ofRules(policy: Policy, first: AuthorizationRule, second: AuthorizationRule): Finding {
  const { value } = actionOf(policy);
  const verb =
    value === 'DENY'
      ? 'denied'
      : value === 'AUDIT'
        ? 'audited'
        : value === 'CUSTOM'
          ? 'sent to the provider'
          : 'allowed';
  const key = second.node.entries[0]?.key;
  const at = key === undefined ? second.at : { anchor: second.at.anchor, start: key.start, end: key.end };
  return {
    at,
    message: `the dash makes a rule of its own: everything from those sources is ${verb}, and these operations are ${verb} for everybody; without it both must hold`,
    related: [
      {
        at: { anchor: first.at.anchor, start: first.at.start, end: first.at.start + 4 },
        message: 'the rule with the sources',
      },
    ],
    fixes: withoutDash(policy, first, second),
  };
}

/** Takes the dash away, where the keys of the two rules then stand under each other. */
function withoutDash({ resource }: Policy, first: AuthorizationRule, second: AuthorizationRule): readonly Fix[] {
  const { text } = resource.document;
  const lineOf = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
  const [a, b] = [first.node, second.node];
  const before = text.slice(lineOf(b.start), b.start);
  if (a.flow || b.flow || !/^\s*-\s+$/.test(before) || a.start - lineOf(a.start) !== before.length) return [];
  const dash = lineOf(b.start) + before.indexOf('-');
  return [
    {
      title: 'Make it one rule: both must hold',
      edits: [{ anchor: resource.document, start: dash, end: dash + 1, newText: ' ' }],
    },
  ];
}

/** Two sources with one field each, and different ones: written as one they would both have to hold. */
function* ofSources({ from }: AuthorizationRule): Iterable<Finding> {
  for (const [index, source] of from.entries()) {
    const previous = from[index - 1];
    const [own, other] = [source.fields[0]?.key, previous?.fields[0]?.key];
    if (own === undefined || other === undefined || source.fields.length > 1 || (previous?.fields.length ?? 0) > 1)
      continue;
    // Only where one of them leaves something out it is hardly meant: “not from there” is nearly everybody.
    if (own.value === other.value || !own.value.startsWith('not')) continue;
    yield {
      at: own,
      message: `the dash makes a source of its own: ${quoted(own.value)} alone is enough, whatever ${quoted(other.value)} says; in one "source" both must hold`,
      related: [{ at: other, message: 'the other source' }],
    };
  }
}
