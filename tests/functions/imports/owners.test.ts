import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { importOperations } from '#functions/imports/api.ts';
import { changeImport } from '#functions/imports/store/imports.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';
import { ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { operationRequest } from '#tests/support/operation-request.ts';

const nmi = '6102000001';
const text = nem12([{ nmi, suffix: 'E1', days: [{ date: '20260105', values: sameAllDay(1) }] }]);
const body = {
  format: 'nem12' as const,
  createMissing: false,
  force: false,
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
};
const reason = 'The file was of another market participant.';

const machine = (id: string): Actor => ({ kind: 'machine', id, scopes: ['imports:write'], sources: [id] });
const supervisor: Actor = { kind: 'staff', id: 'jo', roles: ['supervisor'] };

/** The routes of imports on a ground, asked by anybody. */
const routesOf = (at: ImportGround) => {
  const operations = importOperations(at.parts);
  let asked = 0;
  const request = (actor: Actor, id?: string) => {
    const base = operationRequest(actor);
    asked += 1;
    const entry = { ...base.audit, id: String(asked).padStart(26, '0') };
    return { ...base, audit: entry, params: id === undefined ? {} : { id } };
  };
  return {
    start: (actor: Actor) => operations.startImport({ ...request(actor), query: {}, body }),
    read: (actor: Actor, id: string) => operations.readImport({ ...request(actor, id), query: {}, body: undefined }),
    errors: (actor: Actor, id: string) =>
      operations.listImportErrors({ ...request(actor, id), query: { limit: 10 }, body: undefined }),
    undo: (actor: Actor, id: string) => operations.undoImport({ ...request(actor, id), query: {}, body: { reason } }),
  };
};

const unknown = { kind: 'not-found', code: 'import.unknown' };

describe('an import is its importer’s', () => {
  it('so that another program finds no such import: not how far it is, not its errors, and it takes nothing back', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const { id } = await at.run({ text });
    const routes = routesOf(at);
    const [before, other] = [await at.import(id), machine('another')];
    await expect(routes.read(other, id)).rejects.toMatchObject(unknown);
    await expect(routes.errors(other, id)).rejects.toMatchObject(unknown);
    await expect(routes.undo(other, id)).rejects.toMatchObject(unknown);
    expect(await at.import(id)).toEqual(before);
    expect((await routes.read(machine('head-end'), id)).body).toMatchObject({
      id,
      state: 'done',
      startedBy: 'head-end',
    });
    expect((await routes.errors(machine('head-end'), id)).body).toEqual({ data: [], next: null });
  });

  it('and the same file of another program is an import of its own, with an address of its own to put it to', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const routes = routesOf(at);
    const [one, other] = [await routes.start(machine('head-end')), await routes.start(machine('another'))];
    expect(other.body.id).not.toBe(one.body.id);
    expect(other.body.upload?.url).not.toContain(one.body.id);
    expect((await routes.start(machine('head-end'))).body.id).toBe(one.body.id);
    await expect(routes.read(machine('head-end'), other.body.id)).rejects.toMatchObject(unknown);
    const [first, second] = [await at.run({ text }), await at.run({ text, as: 'another' })];
    expect([first.id, second.id]).toEqual([one.body.id, other.body.id]);
    expect([first.counts.sent, second.counts.sent, second.counts.unchanged]).toEqual([48, 0, 48]);
  });

  it('and a supervisor reads it and takes it back, with a reason that stands with who asked', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const { id } = await at.run({ text });
    const routes = routesOf(at);
    expect((await routes.read(supervisor, id)).body).toMatchObject({ startedBy: 'head-end' });
    expect((await routes.errors(supervisor, id)).body.data).toEqual([]);
    expect((await routes.undo(supervisor, id)).body).toMatchObject({ undoneBy: 'jo', undoReason: reason });
    await advanceImport(at.parts, id);
    const told = (await routes.read(machine('head-end'), id)).body;
    expect(told).toMatchObject({ state: 'undone', startedBy: 'head-end', undoneBy: 'jo', undoReason: reason });
    // Taken back once more by its owner, it still says who did it first and why.
    expect((await routes.undo(machine('head-end'), id)).body).toMatchObject({ undoneBy: 'jo', undoReason: reason });
  });

  it('and one of which nobody knows who began it is a supervisor’s alone', async () => {
    const at = await ImportGround.open();
    const { id } = await at.run({ text });
    const item = await at.import(id);
    await changeImport(at.parts.profile, item, { startedBy: undefined }, at.ground.clock.now());
    const routes = routesOf(at);
    await expect(routes.read(machine('head-end'), id)).rejects.toMatchObject(unknown);
    expect((await routes.read(supervisor, id)).body.startedBy).toBeUndefined();
  });

  it('whoever asks, in whatever role, in whatever order: none but the importer and supervisors ever see or change it', async () => {
    const at = await ImportGround.open();
    await at.meter('one', [marketRegister], nmi);
    const { id } = await at.run({ text });
    const routes = routesOf(at);
    const actors: fc.Arbitrary<Actor> = fc.oneof(
      fc.string({ minLength: 1 }).map(machine),
      fc.constantFrom(...['head-end', 'HEAD-END', 'head-end ', 'jo'].map(machine)),
      fc
        .uniqueArray(fc.constantFrom(...StaffRole.options), { minLength: 1 })
        .map((roles): Actor => ({ kind: 'staff', id: 'head-end', roles })),
      fc.constant<Actor>({ kind: 'customer', id: 'head-end', customerId: 'cus_0000000000000000000000000A' }),
    );
    const act = fc.constantFrom('read', 'errors', 'undo');
    await fc.assert(
      fc.asyncProperty(actors, act, async (actor, name) => {
        const may =
          (actor.kind === 'machine' && actor.id === 'head-end') ||
          (actor.kind === 'staff' && actor.roles.includes('supervisor'));
        const before = await at.import(id);
        if (may) {
          if (name === 'undo') return;
          await (name === 'read' ? routes.read(actor, id) : routes.errors(actor, id));
          return;
        }
        const asked = name === 'read' ? routes.read : name === 'errors' ? routes.errors : routes.undo;
        await expect(asked(actor, id)).rejects.toMatchObject(unknown);
        expect(await at.import(id)).toEqual(before);
      }),
    );
  });
});
