import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import type { Table } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { ApiStand, tokenOf, type Who } from '#tests/edge/api-stand.ts';
import { goodRequest } from '#tests/edge/requests.ts';
import { itemsOf, type TelemetryGround, telemetryGround } from '#tests/support/meters/telemetry.ts';
import { pointerTo, textMembers, withText } from '#tests/support/text-members.ts';
import { promised, purposeOf } from './promised-access.ts';

/** Steers a terminal; turns what is read around. */
const hostile = ['a\u001b[2Jb', 'a\u202eb'] as const;

let stand: ApiStand;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

/** Somebody who may do what a route does. */
const whoMay = (operationId: string): Who => {
  const { staff = [], scope } = promised[operationId] ?? {};
  const [role] = staff;
  if (role !== undefined) return StaffRole.parse(role);
  return { client: 'billing', scopes: typeof scope === 'string' ? [scope] : [...(scope ?? [])] };
};

const Refused = z.object({ code: z.string(), errors: z.array(z.object({ pointer: z.string() })) });

const withBody = routes.filter(({ body, rawBody }) => body !== undefined && rawBody !== true);

describe('a body with text that steers what shows it', () => {
  it('is sent to every route that takes one, but those whose parts are judged one by one', () => {
    expect(routes.filter(({ rawBody }) => rawBody === true).map(({ operationId }) => operationId)).toEqual([
      'sendFacts',
    ]);
    expect(withBody.length).toBeGreaterThan(18);
  });

  it.each(withBody)(
    'is refused by $operationId at every member that may hold text, with its pointer',
    async (route) => {
      const who = whoMay(route.operationId);
      const token = await tokenOf(who);
      const asked = goodRequest(
        route,
        'own',
        typeof who === 'string' && who !== 'customer' ? purposeOf[who] : undefined,
      );
      const before = stand.asked.length;
      const members = route.body === undefined ? [] : textMembers(route.body);
      expect(members.length).toBeGreaterThan(0);
      for (const path of members)
        for (const text of hostile) {
          const answered = await stand.ask({ ...asked, token, json: withText(asked.json, path, text) });
          expect([pointerTo(path), answered.status, answered.json.code]).toEqual([
            pointerTo(path),
            422,
            'text.characters',
          ]);
          expect(Refused.parse(answered.json).errors.map(({ pointer }) => pointer)).toContain(pointerTo(path));
          for (const letter of ['\u001b', '\u202e']) expect(answered.text).not.toContain(letter);
        }
      expect(stand.asked).toHaveLength(before);
    },
  );

  it('is refused in a query too, and a line end with it', async () => {
    const token = await tokenOf('agent');
    const route = routes.find(({ operationId }) => operationId === 'searchCustomers');
    for (const text of [...hostile, 'a\nb']) {
      const answered = await stand.ask({ method: 'GET', url: `${route?.path}?q=${encodeURIComponent(text)}`, token });
      expect([answered.status, answered.json.code]).toEqual([422, 'text.characters']);
    }
  });
});

const anybody: Sender = { actor: 'machine:test', speaksFor: () => sourceNamed(ownSystem), supervisor: false };

/** How many facts are in quarantine, by all its pages. */
const keptAside = async (profile: Table): Promise<number> => {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await listQuarantine(profile, { limit: 1000, after });
    count += page.entries.length;
    after = page.next;
  } while (after !== undefined);
  return count;
};

describe('a fact with text that steers what shows it', () => {
  const types = [...factTypes.values()];
  let ground: TelemetryGround;
  beforeAll(async () => {
    ground = await telemetryGround({ staleReads: false });
  });

  it.each(types)(
    'of the type $type is refused at every member that may hold text, and kept aside',
    async (definition) => {
      const [example] = definition.examples;
      const fact = {
        type: definition.type,
        source: { system: 'crm' },
        sourceEventId: 'one',
        occurredAt: '2026-03-01T09:00:00Z',
        data: example?.data,
      };
      const members = textMembers(definition.data).map((path) => ['data', ...path]);
      const before = await keptAside(ground.profile);
      let kept = 0;
      for (const path of [['sourceEventId'], ...members])
        for (const text of hostile) {
          const [result] = await ground.submit([withText(fact, path, text)], anybody, { keepRejected: true });
          if (result?.status !== 'rejected') throw new Error(`${pointerTo(path)} was ${result?.status}`);
          // A member whose own form allows no such text says so itself.
          expect(['text.characters', 'fact.invalid']).toContain(result.code);
          expect(result.errors.length).toBeGreaterThan(0);
          if (result.code === 'text.characters')
            expect(result.errors.map(({ pointer }) => pointer)).toContain(pointerTo(path));
          kept += 1;
        }
      expect((await keptAside(ground.profile)) - before).toBe(kept);
      expect((await itemsOf(ground.store, 'profile')).filter(({ sk }) => sk.startsWith('FACT#'))).toEqual([]);
    },
  );

  it('is taken with line ends where its text may have several', async () => {
    const said = [...factTypes.values()].filter(({ marks }) => Object.values(marks).includes('freeText'));
    expect(said.length).toBeGreaterThan(5);
    for (const { type, data, marks, examples } of said) {
      const fact = { type, source: { system: 'crm' }, sourceEventId: type, occurredAt: '2026-03-01T09:00:00Z' };
      const member = Object.entries(marks).find(([, mark]) => mark === 'freeText')?.[0] ?? '';
      const told = withText(examples[0]?.data, [member], 'One line.\nAnother.');
      if (!data.safeParse(told).success) continue;
      const [result] = await ground.submit([{ ...fact, data: told }], anybody, { keepRejected: true });
      expect([type, result?.status === 'rejected' ? result.code : 'not for its text']).not.toEqual([
        type,
        'text.characters',
      ]);
    }
  });
});
