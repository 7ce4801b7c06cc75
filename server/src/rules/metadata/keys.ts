import type { Resource } from '../../model/resource.ts';
import type { Span } from '../../text/range.ts';

/** The place of the name of an annotation. */
export function keyOfAnnotation(resource: Resource, name: string): Span | undefined {
  return resource.annotations.find(({ key }) => key.value === name)?.key;
}
