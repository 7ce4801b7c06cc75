import type { DestinationPolicyView, RouteView, SettingView, Viewpoint } from '../../../server/src/contract.ts';
import { percent } from './action-cell.ts';
import { placeLink } from './controls.ts';
import { type Child, html } from './dom.ts';

type Policies = Viewpoint['policies'];

/** What holds for the requests of a route: each value with the level it comes from, destinations side by side. */
export function policyTable(route: RouteView, policies: Policies): HTMLElement {
  const known = route.destinations.map(({ cluster }) => policies[cluster]);
  const columns = columnsOf(route);
  const titles = columns.length > 1 ? columns : ['Value and where it comes from'];
  const names = namesOf(known);
  return html(
    'table',
    { class: 'pol' },
    html(
      'thead',
      {},
      html(
        'tr',
        {},
        ['Setting', ...titles].map(title => html('th', { scope: 'col' }, title)),
      ),
    ),
    html(
      'tbody',
      {},
      known.some(policy => policy !== undefined) ? row('DestinationRule', known.map(rulesCell), columns) : undefined,
      route.policy.map((setting, i) => row(setting.setting, [settingCell(setting, `policy:${i}`)], columns)),
      names.map((name, i) =>
        row(
          name,
          known.map((policy, column) => {
            const setting = policy?.settings.find(own => own.setting === name);
            return setting === undefined ? unknownCell(policy) : settingCell(setting, `policy:${name}:${i}:${column}`);
          }),
          columns,
        ),
      ),
    ),
  );
}

/** Names of destinations; a lone one needs no title. */
function columnsOf({ destinations }: RouteView): readonly string[] {
  return destinations.map(({ shortHost, subset, share }) =>
    [shortHost, subset, `(${percent(share)})`].filter(Boolean).join(' '),
  );
}

/** All settings that show for one destination at least; those of a block stay together. */
function namesOf(policies: readonly (DestinationPolicyView | undefined)[]): readonly string[] {
  const names = [...new Set(policies.flatMap(policy => policy?.settings.map(({ setting }) => setting) ?? []))];
  const blocks = [...new Set(names.map(blockOf))];
  return blocks.flatMap(block => names.filter(name => blockOf(name) === block));
}

function blockOf(name: string): string {
  return name.split('.').slice(0, -1).join('.') || name;
}

interface Cell {
  /** Equal looks are said once for all destinations. */
  readonly look: string;
  readonly content: Child;
  readonly isDefault: boolean;
}

function row(name: string, cells: readonly Cell[], columns: readonly string[]): HTMLElement {
  const [first] = cells;
  const common = first !== undefined && cells.every(({ look }) => look === first.look);
  const shown = common ? [first] : cells;
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, breakable(name)),
    shown.map(({ content, isDefault }, column) =>
      html(
        'td',
        {
          class: isDefault ? 'def' : undefined,
          'data-col': common || columns.length < 2 ? '' : (columns[column] ?? ''),
          colspan: common && columns.length > 1 ? columns.length : undefined,
        },
        content,
      ),
    ),
  );
}

function rulesCell(policy: DestinationPolicyView | undefined, column: number): Cell {
  if (policy === undefined) return unknownCell(policy);
  const { rules, found } = policy;
  const look = JSON.stringify([rules, found]);
  if (rules.length === 0) return { look, content: 'none: Istio’s defaults hold', isDefault: true };
  const names = rules.map(({ name, place }, i) => [
    i > 0 ? ', then ' : '',
    placeLink(`rule:${column}:${i}`, place, name),
  ]);
  const merged = rules.length > 1 ? 'merged, ' : '';
  return { look, content: [names, html('span', { class: 'lvl' }, merged + found)], isDefault: false };
}

function unknownCell(policy: DestinationPolicyView | undefined): Cell {
  const text = policy === undefined ? 'unknown: the service is not there' : 'not set';
  return { look: text, content: text, isDefault: true };
}

function settingCell({ value, level, place, lost }: SettingView, control: string): Cell {
  const link = place === undefined ? undefined : [' · ', placeLink(control, place)];
  return {
    look: JSON.stringify([value, level, place, lost]),
    isDefault: place === undefined,
    content: [
      html('span', { class: 'v' }, value),
      html('span', { class: 'lvl' }, 'from ', html('b', {}, level), link),
      lost === undefined
        ? undefined
        : html(
            'span',
            { class: 'lvl lost' },
            html('s', {}, lost.value),
            ` is lost: ${lost.why}`,
            lost.place === undefined ? undefined : [' · ', placeLink(`${control}:lost`, lost.place)],
          ),
    ],
  };
}

/** A path of fields may break after its dots. */
function breakable(name: string): Child {
  return name.split(/(?<=\.)/).flatMap((part, i) => (i === 0 ? [part] : [html('wbr', {}), part]));
}
