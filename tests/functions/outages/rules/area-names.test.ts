import { describe, expect, it } from 'vitest';
import { areaName, areaNamed, areaText } from '#functions/outages/rules/area-names.ts';
import { areaOf } from '#functions/outages/rules/area-outages.ts';

describe('the name of an area', () => {
  it('names the area that homes with that region or postcode lie in', () => {
    const places = [
      { name: 'region:NORTH-03', place: { region: 'NORTH-03', postcode: undefined, country: 'GB' } },
      { name: 'region:Nord: Kreis 3', place: { region: 'Nord: Kreis 3', postcode: '10115', country: 'DE' } },
      { name: 'postcode:GB LS14', place: { region: null, postcode: 'LS1 4AB', country: 'GB' } },
      { name: 'postcode:GB ls1 4', place: { region: null, postcode: 'LS1 4AB', country: 'GB' } },
      { name: 'postcode:GB LS1 4AB', place: { region: null, postcode: 'LS1 4ZZ', country: 'GB' } },
      { name: 'postcode:GB SW1A 1', place: { region: null, postcode: 'SW1A 1AA', country: 'GB' } },
      { name: 'postcode:AU 2000', place: { region: null, postcode: '2000', country: 'AU' } },
    ];
    for (const { name, place } of places) {
      const area = areaOf(place);
      expect(areaNamed(name)).toBe(area && areaText(area));
    }
  });

  it('is written as it is read', () => {
    for (const name of ['all', 'region:NORTH-03', 'region:Nord: Kreis 3', 'postcode:GB LS14'])
      expect(areaName(areaNamed(name) ?? '')).toBe(name);
  });

  it.each([
    '',
    'north',
    'region:',
    `region:${'x'.repeat(41)}`,
    'postcode:LS14',
    'postcode:GB ',
    'postcode:GB -',
    'ALL',
  ])('is none: %s', (name) => {
    expect(areaNamed(name)).toBeUndefined();
  });
});
