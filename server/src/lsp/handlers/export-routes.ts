import { routesJson, routesMarkdown, viewpointConfiguration } from '../../analysis.ts';
import { invalid, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';

/** The table of a viewpoint as text: what the preview shows, also while a file is broken. */
export function exportRoutes(session: Session, params: unknown): string {
  const viewpoint = readString(params, 'viewpoint');
  const format = readString(params, 'format');
  const { selected } = session.routes.model({ viewpoint });
  if (selected?.id !== viewpoint) throw invalid(`there is no viewpoint "${viewpoint}"`);
  switch (format) {
    case 'markdown':
      return routesMarkdown([selected]);
    case 'json':
      return `${JSON.stringify(routesJson([{ key: selected, view: selected }]), null, 2)}\n`;
    case 'envoy':
      return `${JSON.stringify(viewpointConfiguration(session.routes.shown(), viewpoint), null, 2)}\n`;
    default:
      throw invalid(`"${format}" is not a format`);
  }
}
