import type { TypedResource } from '../../model/decode.ts';
import { Fields } from '../fields.ts';

/** A workload as it is written in a WorkloadEntry, in an endpoint of a ServiceEntry or in a template of a WorkloadGroup. */
export interface WrittenEndpoint {
  readonly fields: Fields;
  /** Where the lack of a field is to be said. */
  readonly head: ReturnType<Fields['key']>;
  readonly in: 'WorkloadEntry' | 'ServiceEntry' | 'WorkloadGroup';
  /** Of a ServiceEntry: its spec. */
  readonly service: Fields | undefined;
}

/** The workloads that a resource writes down; those of a ServiceEntry only where its `resolution` has Istio look at them. */
export function endpointsOf(resource: TypedResource): readonly WrittenEndpoint[] {
  const entry = Fields.spec(resource, 'WorkloadEntry');
  if (entry !== undefined) return [{ fields: entry, head: entry.head, in: 'WorkloadEntry', service: undefined }];
  const template = Fields.spec(resource, 'WorkloadGroup')?.object('template');
  if (template !== undefined)
    return [{ fields: template, head: template.head, in: 'WorkloadGroup', service: undefined }];
  const service = Fields.spec(resource, 'ServiceEntry');
  if (service === undefined) return [];
  return service
    .objects('endpoints')
    .map(fields => ({ fields, head: fields.head, in: 'ServiceEntry' as const, service }));
}
