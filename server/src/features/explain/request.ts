/** How typed requests are read; here for those above, who do not know the routing. */
export { parseHeader, splitRequestLine } from '../../routing/explain/request.ts';
