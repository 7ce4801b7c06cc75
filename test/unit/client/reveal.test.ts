import { describe, expect, test } from 'vitest';
import { routesAt } from '../../../client/src/webview/reveal.ts';
import { gateway, host, place, route } from '../../e2e/preview/sample.ts';

const URI = 'file:///shop/routes/storefront.yaml';
const source = { virtualService: 'shop/storefront', rule: 'beta', http: 0, match: 0, delegatedBy: undefined };
// A rule of the lines 10 to 20 with two matches, and one from a delegate in another file.
const viewpoint = gateway([
  host(
    'a:80',
    ['a'],
    [
      route(1, {
        source: { ...source, place: place(12, 'storefront.yaml', 13), extent: place(10, 'storefront.yaml', 20) },
      }),
      route(2, {
        source: { ...source, place: place(14, 'storefront.yaml', 16), extent: place(10, 'storefront.yaml', 20) },
      }),
      route(3, {
        source: {
          ...source,
          place: place(3, 'pages.yaml', 4),
          extent: place(2, 'pages.yaml', 9),
          delegatedBy: { name: 'shop/storefront', place: place(25, 'storefront.yaml', 25) },
        },
      }),
      route(4, { source: undefined }),
    ],
  ),
]);

function orders(uri: string, line: number): readonly number[] {
  return routesAt(viewpoint, uri, line).map(({ order }) => order);
}

describe('the routes of a line', () => {
  test('in a match is its own', () => expect(orders(URI, 15)).toEqual([2]));
  test('elsewhere in a rule are all of the rule', () => expect(orders(URI, 18)).toEqual([1, 2]));
  test('on the name of a delegate are those that came from it', () => expect(orders(URI, 25)).toEqual([3]));
  test('outside of rules are none', () => expect(orders(URI, 22)).toEqual([]));
  test('of another file are others', () => expect(orders('file:///shop/routes/pages.yaml', 8)).toEqual([3]));
  test('end before a line whose first character is the end', () => {
    // The samples end at column 1, as a range up to a line break does.
    expect(orders(URI, 13)).toEqual([1, 2]);
    expect(orders(URI, 12)).toEqual([1]);
  });
});
