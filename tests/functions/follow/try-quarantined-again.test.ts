import { describe, expect, it } from 'vitest';
import { resubmit } from '#functions/follow/place-waiting.ts';
import { quarantine, readQuarantine } from '#shared/facts/quarantine.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const opened = (event: string, currency = 'GBP') => ({
  type: 'account.account.opened.v1',
  source: { system: 'billing' },
  sourceEventId: event,
  occurredAt: '2026-01-01T10:00:00.000Z',
  data: { currency },
});

const aside = async (
  system: ProfileSystem,
  reason: 'fact.conflict' | 'fact.future' | 'source.refused' | 'fact.invalid',
  raw: string,
  actor = 'system:billing',
) => {
  const id = await quarantine(system.profile, system.sealer, {
    kind: 'fact',
    reason,
    source: 'billing',
    actor,
    receivedAt: system.clock.now(),
    raw: new TextEncoder().encode(raw),
  });
  const entry = await readQuarantine(system.profile, id);
  if (entry === undefined) throw new Error('nothing was kept aside');
  return entry;
};

describe('a fact in quarantine that is tried again', () => {
  it('stays there, with its bytes, while its reason still holds', async () => {
    const system = await openProfileSystem();
    await system.submit([opened('a1')], machine);
    const conflict = await aside(system, 'fact.conflict', JSON.stringify(opened('a1', 'EUR')));
    expect(await resubmit(system, conflict)).toBe('quarantined');
    expect(await readQuarantine(system.profile, conflict.id)).toEqual(conflict);
    const invalid = await aside(
      system,
      'fact.invalid',
      JSON.stringify({ ...opened('a2'), data: { currency: 'pounds' } }),
    );
    expect(await resubmit(system, invalid)).toBe('rejected');
    expect(await readQuarantine(system.profile, invalid.id)).toEqual(invalid);
  });

  it('is kept and leaves quarantine once its reason is gone', async () => {
    const system = await openProfileSystem();
    const future = await aside(system, 'fact.future', JSON.stringify(opened('a3')));
    expect(await resubmit(system, future)).toBe('accepted');
    expect(await readQuarantine(system.profile, future.id)).toBeUndefined();
  });

  it('is still refused to a sender that may not speak for its source', async () => {
    const system = await openProfileSystem();
    const foreign = await aside(system, 'source.refused', JSON.stringify(opened('a4')), 'system:crm');
    expect(await resubmit(system, foreign)).toBe('rejected');
    expect(await readQuarantine(system.profile, foreign.id)).toEqual(foreign);
    expect((await system.submit([opened('a4')], machine))[0]?.status).toBe('accepted');
  });

  it('stays there where nobody can read it, and holds up nothing else', async () => {
    const system = await openProfileSystem();
    const unreadable = await aside(system, 'fact.invalid', '{bad');
    expect(await resubmit(system, unreadable)).toBe('rejected');
    expect(await readQuarantine(system.profile, unreadable.id)).toEqual(unreadable);
  });
});
