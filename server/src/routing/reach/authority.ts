import type { TableHost } from '../table.ts';
import type { Atom } from './atoms.ts';
import { type Bounds, bounds, type Universe } from './universe.ts';

type Host = Pick<TableHost, 'domains' | 'name'>;

/**
 * Which virtual host a request gets: by its authority without port and case, an exact domain before the longest wildcard
 * before `*` (`PILOT.md` 0).
 */
export class HostChoice<T extends Host> {
  readonly #exact = new Map<string, T>();
  readonly #suffixes: { readonly suffix: string; readonly host: T }[] = [];
  readonly hosts: readonly T[];

  constructor(hosts: readonly T[]) {
    this.hosts = hosts;
    for (const host of hosts) {
      for (const domain of host.domains.map(name => name.toLowerCase())) {
        if (domain.startsWith('*')) this.#suffixes.push({ suffix: domain.slice(1), host });
        else if (!this.#exact.has(domain)) this.#exact.set(domain, host);
      }
    }
    this.#suffixes.sort((a, b) => b.suffix.length - a.suffix.length);
  }

  /** @param authority with or without port */
  of(authority: string): T | undefined {
    const name = authority.toLowerCase().replace(/:\d+$/, '');
    const fits = ({ suffix }: { suffix: string }): boolean => name.length > suffix.length && name.endsWith(suffix);
    return this.#exact.get(name) ?? this.#suffixes.find(fits)?.host;
  }
}

const LABELS = '[!-.0->A-~]+';
const PORT = '(:[0-9]+)?';

/** The authorities with which a request gets to a virtual host. The port is part of them (`PILOT.md` 6). */
export function authorityUniverse<T extends Host>(host: T, choice: HostChoice<T>): Universe {
  const own = host.domains.map(domain => domain.toLowerCase());
  const others = choice.hosts
    .filter(other => other !== host)
    .flatMap(({ domains }) => domains.map(domain => domain.toLowerCase()))
    .filter(domain => own.some(wide => isWithin(domain, wide)));
  const has = (text: string): boolean => choice.of(text) === host;
  const possible: Bounds = {
    all: [pattern(own.map(domain => domainPattern(domain)))],
    none: others.length === 0 ? [] : [pattern(others.map(domain => domainPattern(domain)))],
    has: text => has(text) && /^[!-.0->A-~]+$/.test(text),
  };
  const plain = bounds(`[A-Za-z0-9*._\\-]+${PORT}`);
  return {
    optional: false,
    ascii: true,
    possible,
    sure: {
      all: [...possible.all, ...plain.all],
      none: possible.none,
      has: text => has(text) && plain.has(text),
    },
    natural: naturalAuthorities(host).filter(has),
  };
}

/** Any authority, where it is not known which hosts there are. */
export function anyAuthority(first: readonly string[]): Universe {
  return {
    optional: false,
    ascii: true,
    possible: bounds(LABELS),
    sure: bounds(`[A-Za-z0-9._\\-]+${PORT}`),
    natural: [...first, 'example.com'],
  };
}

/** Whether a domain takes requests from a wider one. */
function isWithin(domain: string, wide: string): boolean {
  return wide.startsWith('*') && domain !== wide && domain.endsWith(wide.slice(1));
}

function naturalAuthorities({ domains, name }: Host): readonly string[] {
  const bare = name.slice(0, Math.max(0, name.lastIndexOf(':')));
  const port = name.slice(name.lastIndexOf(':') + 1);
  const plain = [...domains, ...(bare === '' || bare.startsWith('*') ? [] : [bare])]
    .map(domain => domain.toLowerCase())
    .flatMap(domain => {
      if (domain === '*') return bare === '' || bare.startsWith('*') || bare.includes('blackhole') ? [] : [bare];
      return domain.startsWith('*') ? ['www', 'a', 'other'].map(label => label + domain.slice(1)) : [domain];
    });
  const names = [...plain, 'example.com', 'www.example.org', 'other.example.net'];
  return [...names, ...plain.slice(0, 3).map(domain => `${domain}:${port}`)];
}

/** As a pattern of RE2. */
function domainPattern(domain: string): string {
  const wild = domain.startsWith('*');
  const text = [...(wild ? domain.slice(1) : domain)]
    .map(character => {
      if (/[a-z]/.test(character)) return `[${character}${character.toUpperCase()}]`;
      return /[0-9]/.test(character) ? character : `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    })
    .join('');
  return `${wild ? LABELS : ''}${text}${PORT}`;
}

function pattern(alternatives: readonly string[]): Atom {
  return { kind: 'regex', regex: alternatives.length === 0 ? '[^\\x00-\\x{10ffff}]' : alternatives.join('|') };
}
