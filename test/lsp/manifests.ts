/** A VirtualService with nothing to say of it. */
export const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
    - reviews.example.com
  http:
    - route:
        - destination:
            host: reviews.example.com
`;

/** The same with the key of line 6 (0-based) misspelt: one finding of `schema/unknown-field` with a fix. */
export const MISSPELT = VIRTUAL_SERVICE.replace('  hosts:', '  hostz:');

export function service(name: string, namespace = 'shop'): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  ports:
    - name: http
      port: 80
`;
}
