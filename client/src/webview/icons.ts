import { svg } from './dom.ts';

const RING = 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z';
const DOT = 'M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z';

interface Drawing {
  readonly stroke?: string;
  readonly fill?: string;
}

/** Drawn on a field of 16 by 16, in the color of the text. */
const DRAWINGS = {
  chevron: { stroke: 'M6 3.5l4.5 4.5L6 12.5' },
  close: { stroke: 'M4 4l8 8M12 4l-8 8' },
  clock: { stroke: `${RING}M8 5v3.3l2.2 1.4` },
  cors: { stroke: `${RING}M2.5 8h11M8 2.5q-4 5.5 0 11q4-5.5 0-11` },
  error: { stroke: `${RING}M6 6l4 4M10 6l-4 4` },
  export: { stroke: 'M8 2v8M5 7l3 3l3-3M2.5 12v1.5h11V12' },
  fault: { stroke: 'M9 2L4 9h3.7L7 14l5-7H8.3z' },
  hash: { stroke: 'M6.2 2.5L4.8 13.5M11.2 2.5L9.8 13.5M3 6h10.5M2.5 10H13' },
  headers: { stroke: 'M3 4h10M3 8h10M3 12h6' },
  info: { stroke: `${RING}M8 7.3v4`, fill: 'M8 4.6a.8.8 0 1 0 0 1.6a.8.8 0 1 0 0-1.6z' },
  live: { fill: DOT },
  lock: { stroke: 'M4 7.5h8v6H4zM5.5 7.5V5.2q0-2.4 2.5-2.4t2.5 2.4v2.3' },
  map: { stroke: 'M2.5 4.5l3.7-2l3.6 2l3.7-2v9l-3.7 2l-3.6-2l-3.7 2zM6.2 2.5v9M9.8 4.5v9' },
  mirror: { stroke: 'M2.5 5.5h7v8h-7zM5.5 5.5v-3h8v8h-4' },
  none: { stroke: 'M4 8h8' },
  redirect: { stroke: 'M3 13V9q0-3.5 3.5-3.5H13M10 2.5l3 3l-3 3' },
  reply: { stroke: 'M3.5 3.5h9v7h-5l-3 2.7v-2.7h-1z' },
  rewrite: { stroke: 'M2.5 4h5.5q3.5 0 3.5 3.5V12M9 9.7l2.5 2.5L14 9.7' },
  search: { stroke: 'M9.5 3a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7zM7 9L3 13' },
  sync: { stroke: 'M12.8 6.3A5 5 0 0 0 3.6 6M3.2 9.7a5 5 0 0 0 9.2.3M3.5 3v3h3M12.5 13v-3h-3' },
  to: { stroke: 'M2.5 8h10.5M9.5 4.5L13 8l-3.5 3.5' },
  unreachable: { stroke: `${RING}M4.2 4.2l7.6 7.6` },
  warning: { stroke: 'M8 2.2L14.3 13.5H1.7zM8 6v4', fill: 'M8 11a.7.7 0 1 0 0 1.4a.7.7 0 1 0 0-1.4z' },
} as const satisfies Readonly<Record<string, Drawing>>;

export type IconName = keyof typeof DRAWINGS;

/** An icon without a name of its own: what it says stands in the text beside it. */
export function icon(name: IconName, className = ''): SVGSVGElement {
  const drawing: Drawing = DRAWINGS[name];
  return svg(
    'svg',
    { class: `i ${className}`.trimEnd(), viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    drawing.stroke === undefined ? undefined : svg('path', { d: drawing.stroke }),
    drawing.fill === undefined ? undefined : svg('path', { d: drawing.fill, class: 'f' }),
  );
}

/** A bar that is filled to a share of 0 to 100 percent. */
export function shareBar(share: number): SVGSVGElement {
  const width = share === 0 ? 0 : Math.max(2, Math.min(100, share) * 0.42);
  return svg(
    'svg',
    { class: 'bar', viewBox: '0 0 44 8', 'aria-hidden': 'true' },
    svg('rect', { class: 't', x: 0.5, y: 0.5, width: 43, height: 7, rx: 2 }),
    svg('rect', { class: 'v', x: 1, y: 1, width, height: 6, rx: 1.5 }),
  );
}
