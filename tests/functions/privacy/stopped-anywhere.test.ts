import { describe, expect, it } from 'vitest';
import { type EraseParts, eraseCustomer } from '#functions/privacy/erase-customer.ts';
import { erasure } from '#functions/privacy/rules/erasure.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { found, markers, openHousehold } from './erased-household.ts';

class Stopped extends Error {}

/** The same parts, that stop for good before so many steps that leave something behind were done. */
const stoppingAfter = (parts: EraseParts, steps: number): EraseParts => {
  let left = steps;
  const step =
    <Args extends readonly unknown[], Answer>(act: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> => {
      if (left === 0) return Promise.reject(new Stopped());
      left -= 1;
      return act(...args);
    };
  const { profile, audit, sealer, committer, register } = parts;
  return {
    ...parts,
    profile: {
      ...profile,
      name: profile.name,
      get: (...args) => profile.get(...args),
      query: (...args) => profile.query(...args),
      scan: (...args) => profile.scan(...args),
      close: () => profile.close(),
      commit: step((writes) => profile.commit(writes)),
      batchPut: step((items) => profile.batchPut(items)),
    },
    audit: {
      ...audit,
      name: audit.name,
      get: (...args) => audit.get(...args),
      query: (...args) => audit.query(...args),
      scan: (...args) => audit.scan(...args),
      close: () => audit.close(),
      commit: step((writes) => audit.commit(writes)),
      batchPut: step((items) => audit.batchPut(items)),
    },
    sealer: { ...sealer, erase: step((owner) => sealer.erase(owner)) },
    committer: { ...committer, refold: step((subject) => committer.refold(subject)) },
    register: { ...register, add: step((entry) => register.add(entry)) },
    submit: step((raws, sender, options) => parts.submit(raws, sender, options)),
  };
};

describe('an erasure that is stopped', () => {
  it('before any of its steps, and done again, leaves nothing behind', { timeout: 300_000 }, async () => {
    let steps = 0;
    for (let isDone = false; !isDone; steps += 1) {
      const { system, customer } = await openHousehold();
      try {
        try {
          await eraseCustomer(stoppingAfter(system.erase, steps), customer);
          isDone = true;
        } catch (failure) {
          if (!(failure instanceof Stopped)) throw failure;
        }
        await system.settle();
        const stoppedAt = system.clock.now();
        system.clock.set(stoppedAt + 60_000);
        await eraseCustomer(system.erase, customer);
        await system.settle();
        for (const [name, text] of Object.entries(markers))
          expect(await found(system, text), `${name}, stopped before step ${steps + 1}`).toEqual([]);
        const { states } = await loadSubject(system.profile, customer);
        const register = await system.register.list();
        expect(register.map(({ erasedAt }) => erasedAt)).toEqual([stateOf(states, erasure).state.erasedAt]);
        // Before the register knew of it, nothing was done.
        const doneAt = steps === 0 ? stoppedAt + 60_000 : stoppedAt;
        expect(register.map(({ erasedAt }) => Date.parse(erasedAt))).toEqual([doneAt]);
        expect(await system.committer.refold(customer)).toBe(false);
      } finally {
        await system.store.close();
      }
    }
    expect(steps).toBeGreaterThan(12);
  });
});
