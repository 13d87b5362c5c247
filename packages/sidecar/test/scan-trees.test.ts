import { addonDescriptor } from '@tandem/native';
import { expect, it } from 'vitest';
import { addon, addonFor } from './scan-trees.ts';

it('tests of the native engine fail where it cannot be loaded, and say why', () => {
  const nowhere = {
    ...addonDescriptor,
    candidates: () => [{ origin: 'path' as const, specifier: '/none/tandem.node' }],
  };
  expect(() => addonFor('native', nowhere)).toThrow('it cannot be loaded: /none/tandem.node does not exist');
  expect(addonFor('typescript', nowhere)).toBeNull();
  expect(addon !== null).toBe(process.env['TANDEM_ENGINE'] === 'native');
});
