import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INITIAL_STATE, restored, saved, toggled, type ViewState } from '../../../client/src/webview/view-state.ts';

describe('the state of the view', () => {
  test('comes back as it was saved', () => {
    const state: ViewState = {
      viewpoint: 'gateway x',
      query: '/api',
      only: 'problems',
      open: new Set(['route:1', 'route:2']),
      closed: new Set(['host:a']),
      active: 'route:1',
    };
    expect(restored(JSON.parse(JSON.stringify(saved(state))))).toEqual(state);
  });

  test('of a page that had none is the initial one', () => {
    expect(restored(undefined)).toEqual(INITIAL_STATE);
    expect(restored(null)).toEqual(INITIAL_STATE);
  });

  test('can be made of anything', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        const state = restored(value);
        expect(restored(saved(state))).toEqual(state);
      }),
    );
  });

  test('opens what was closed, and closes what was open', () => {
    const once = toggled(new Set<string>(), 'a');
    expect([...once]).toEqual(['a']);
    expect([...toggled(once, 'a')]).toEqual([]);
  });
});
