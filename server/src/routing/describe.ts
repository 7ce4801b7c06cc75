import type { EnvoyHeaderMatcher, EnvoyQueryMatcher, EnvoyRouteMatch, EnvoyStringMatcher } from './envoy.ts';

/** One condition of a route, in a form that can be said and drawn. */
export interface Condition {
  readonly field:
    | 'uri'
    | 'method'
    | 'authority'
    | 'scheme'
    | 'header'
    | 'withoutHeader'
    | 'query'
    | 'claim'
    | 'withoutClaim';
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present';
  readonly name: string;
  readonly value: string;
  readonly ignoreCase: boolean;
}

const known = new WeakMap<EnvoyRouteMatch, readonly Condition[]>();

/** The conditions of a match, method first, then the path; empty when it takes everything. Made once for each match. */
export function conditionsOf(match: EnvoyRouteMatch): readonly Condition[] {
  const conditions = known.get(match) ?? conditionsAnew(match);
  known.set(match, conditions);
  return conditions;
}

function conditionsAnew(match: EnvoyRouteMatch): readonly Condition[] {
  const headers = (match.headers ?? []).map(headerCondition);
  const first = headers.filter(({ field }) => field === 'method');
  const rest = headers.filter(({ field }) => field !== 'method');
  return [
    ...first,
    ...pathCondition(match),
    ...rest,
    ...(match.queryParameters ?? []).map(queryCondition),
    ...claims(match),
  ];
}

function pathCondition(match: EnvoyRouteMatch): Condition[] {
  const base = { field: 'uri' as const, name: '', ignoreCase: match.caseSensitive === false };
  if (match.safeRegex !== undefined)
    return [{ ...base, ignoreCase: false, kind: 'regex', value: match.safeRegex.regex }];
  if (match.path !== undefined) return [{ ...base, kind: 'exact', value: match.path }];
  return match.prefix === undefined || match.prefix === '/' ? [] : [{ ...base, kind: 'prefix', value: match.prefix }];
}

const PSEUDO: Readonly<Record<string, Condition['field']>> = {
  ':method': 'method',
  ':authority': 'authority',
  ':scheme': 'scheme',
};

function headerCondition(header: EnvoyHeaderMatcher): Condition {
  const inverted = header.invertMatch === true;
  const pseudo = inverted ? undefined : PSEUDO[header.name];
  return {
    ...stringCondition(header.stringMatch),
    field: pseudo ?? (inverted ? 'withoutHeader' : 'header'),
    name: pseudo === undefined ? header.name : '',
    ignoreCase: false,
  };
}

function queryCondition(query: EnvoyQueryMatcher): Condition {
  return { ...stringCondition(query.stringMatch), field: 'query', name: query.name, ignoreCase: false };
}

function stringCondition(matcher: EnvoyStringMatcher | undefined): Pick<Condition, 'kind' | 'value'> {
  if (matcher?.exact !== undefined) return { kind: 'exact', value: matcher.exact };
  if (matcher?.prefix !== undefined) return { kind: 'prefix', value: matcher.prefix };
  if (matcher?.safeRegex !== undefined) return { kind: 'regex', value: matcher.safeRegex.regex };
  return { kind: 'present', value: '' };
}

function claims(match: EnvoyRouteMatch): Condition[] {
  return (match.dynamicMetadata ?? []).map(matcher => {
    const { orMatch } = matcher.value as {
      orMatch: { valueMatchers: readonly { stringMatch?: EnvoyStringMatcher }[] };
    };
    const string = orMatch.valueMatchers.find(value => value.stringMatch !== undefined)?.stringMatch;
    const name = matcher.path
      .slice(1)
      .map(({ key }) => key)
      .join('.');
    return {
      ...stringCondition(string),
      field: matcher.invert === true ? 'withoutClaim' : 'claim',
      name,
      ignoreCase: false,
    };
  });
}

const SUBJECTS: Readonly<Record<Condition['field'], string>> = {
  uri: 'path',
  method: 'method',
  authority: 'authority',
  scheme: 'scheme',
  header: 'header',
  withoutHeader: 'header',
  query: 'query parameter',
  claim: 'JWT claim',
  withoutClaim: 'JWT claim',
};

/** What a condition is about: `path`, `header x-user` */
export function subjectText({ field, name }: Condition): string {
  return name === '' ? SUBJECTS[field] : `${SUBJECTS[field]} ${name}`;
}

/** `path starts with /api`, `header x-user is absent` */
export function conditionText(condition: Condition): string {
  return `${subjectText(condition)} ${predicateText(condition)}`;
}

/** What a condition asks for: `starts with /api`, `is absent` */
export function predicateText({ field, kind, value, ignoreCase }: Condition): string {
  const negated = field === 'withoutHeader' || field === 'withoutClaim';
  return `${verb(kind, negated)}${kind === 'present' ? '' : ` ${value}`}${ignoreCase ? ' (any case)' : ''}`;
}

function verb(kind: Condition['kind'], negated: boolean): string {
  switch (kind) {
    case 'exact':
      return negated ? 'is not' : 'is';
    case 'prefix':
      return negated ? 'does not start with' : 'starts with';
    case 'regex':
      return negated ? 'does not match' : 'matches';
    case 'present':
      return negated ? 'is absent' : 'is present';
  }
}

const texts = new WeakMap<EnvoyRouteMatch, string>();

/** A whole match in words; `every request` when it has no conditions. */
export function matchText(match: EnvoyRouteMatch): string {
  const text = texts.get(match) ?? textAnew(match);
  texts.set(match, text);
  return text;
}

function textAnew(match: EnvoyRouteMatch): string {
  const conditions = conditionsOf(match);
  return conditions.length === 0 ? 'every request' : conditions.map(conditionText).join(' and ');
}
