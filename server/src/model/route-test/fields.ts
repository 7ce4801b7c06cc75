/**
 * The form of route tests (`*.routes.test.yaml`): one list of tests. Decoding, validation, completion, hover and the
 * documentation are made from this table.
 */

/** What a field holds. */
export type TestShape =
  | 'text'
  | 'number'
  | 'boolean'
  /** Names with texts. */
  | 'texts'
  /** Names with numbers. */
  | 'numbers'
  /** A request line, or an object. */
  | 'request'
  | { readonly object: TestType };

export type TestType = 'test' | 'request' | 'from' | 'expect';

export interface TestField {
  readonly shape: TestShape;
  readonly required?: true;
  /** Our own words, Markdown. */
  readonly documentation: string;
  /** What completion offers as a value, or as names of a map. */
  readonly offers?: 'gateway' | 'namespace' | 'host' | 'subset' | 'route' | 'method' | 'request';
}

export const TEST_FIELDS: Readonly<Record<TestType, Readonly<Record<string, TestField>>>> = {
  test: {
    name: {
      shape: 'text',
      required: true,
      documentation: 'What the test is about. It is shown in the Testing view and in reports.',
    },
    request: {
      shape: 'request',
      required: true,
      documentation:
        'The request: one line, such as `GET https://shop.example.com/api/reviews?sort=new`, or an object with `method`, `url` and `headers`.',
      offers: 'request',
    },
    from: {
      shape: { object: 'from' },
      documentation:
        'Who gets the request: a `gateway`, or the `sidecar` of a calling pod. Without it the proxy follows from the host and port of the URL: a Gateway that serves the host, else a sidecar.',
    },
    expect: {
      shape: { object: 'expect' },
      required: true,
      documentation: 'What has to come of the request. Every field that stands here has to hold.',
    },
  },
  request: {
    method: {
      shape: 'text',
      documentation: 'HTTP method; `GET` where it is left out.',
      offers: 'method',
    },
    url: {
      shape: 'text',
      required: true,
      documentation: 'The whole URL: scheme, host, port where it is not the usual one, path, query.',
    },
    headers: {
      shape: 'texts',
      documentation: 'Headers of the request, each with its value. `host` replaces the host of the URL.',
    },
  },
  from: {
    gateway: {
      shape: 'text',
      documentation: 'A Gateway that gets the request: `namespace/name`, or a name in any namespace.',
      offers: 'gateway',
    },
    sidecar: {
      shape: 'text',
      documentation: 'Namespace of the pod that makes the call; its sidecar routes the request.',
      offers: 'namespace',
    },
    labels: {
      shape: 'texts',
      documentation: 'Labels of the calling pod, for rules with `sourceLabels` and for Sidecar resources.',
    },
  },
  expect: {
    destination: {
      shape: 'text',
      documentation:
        'The service that gets the request: a short name (`reviews`), with namespace (`reviews.shop`), or the full host; `:port` may follow. Where the route shares requests out, every destination has to be this service.',
      offers: 'host',
    },
    subset: {
      shape: 'text',
      documentation: 'The subset that gets the request. For a route that shares requests out, use `shares`.',
      offers: 'subset',
    },
    shares: {
      shape: 'numbers',
      documentation:
        'The share of each destination in percent, by the name of its subset or service. They have to be all that there are; half a percent may be missing.',
      offers: 'subset',
    },
    path: {
      shape: 'text',
      documentation: 'The path that the service gets, after rewrites. With `?` the query is compared as well.',
    },
    host: {
      shape: 'text',
      documentation: 'The host (`:authority`) that the service gets, after rewrites.',
    },
    headers: {
      shape: 'texts',
      documentation: 'Headers that the service gets, with their values, after the changes of the route.',
    },
    redirect: {
      shape: 'text',
      documentation: 'The whole URL to which the proxy redirects.',
    },
    status: {
      shape: 'number',
      documentation:
        'The status that the proxy answers by itself: of a redirect, a direct response, a fault that always strikes, 404 where no route fits, 503 where the destination does not exist.',
    },
    route: {
      shape: 'text',
      documentation:
        'Name of the route that takes the request: that of the rule in `http`, behind a dot that of the match.',
      offers: 'route',
    },
    unreachable: {
      shape: 'boolean',
      documentation:
        '`true`: no service may get the request, because no route takes it or its destination does not exist. A redirect and a direct response are answers.',
    },
  },
};

/** Whether a file holds route tests, by its name. */
export function isRouteTestFile(file: string): boolean {
  return /\.routes\.test\.ya?ml$/i.test(file);
}
