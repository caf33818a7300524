import type { View360 } from '#functions/view.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { ByteReader, ByteWriter, cutText, packWithin } from '#shared/profile/rules/view/packed.ts';
import type { ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { StoredSection } from '#shared/profile/rules/view/stored-section.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { ContactKind } from '#shared/vocabulary/statuses.ts';
import { type ContactPoint, contact, mayStand } from './contact-points.ts';

export interface ContactView {
  readonly points: readonly {
    readonly id: string;
    readonly kind: ContactKind;
    /** Null where it has been erased. */
    readonly value: string | null;
    readonly verified: boolean;
    readonly preferred: boolean;
    readonly source: string;
  }[];
  /** Points that did not fit. */
  readonly more: number;
}

const pointRank = (point: ContactPoint): number =>
  (point.preferred ? 0 : point.verified ? 1 : 2) * 2 + (point.verdict === 'warned' ? 1 : 0);

/** What tells one phone number from another, however it is written: its last nine digits. */
const numberKey = (value: string): string => {
  const digits = value.replace(/\D/g, '');
  return digits.length < 7 ? value : digits.slice(-9);
};

/** What two points have in common where they are one: the same kind and the same value, however it is written. */
export const pointKey = (point: ContactPoint): string => {
  if (isErased(point.value)) return point.id;
  const plain = point.value.trim().toLowerCase().replace(/\s+/g, ' ');
  return `${point.kind} ${point.kind === 'phone' ? numberKey(plain) : plain}`;
};

/**
 * Points as they are shown: the union of what all sources say, the best first, each value once, none that the validators
 * rejected.
 */
export const shownPoints = (points: readonly ContactPoint[]): readonly ContactPoint[] => {
  const best = points.filter(mayStand).toSorted((a, b) => pointRank(a) - pointRank(b));
  const seen = new Set<string>();
  return best.filter((point) => {
    const key = pointKey(point);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

export const packContact = (states: States): Uint8Array => {
  const points = shownPoints(stateOf(states, contact).state.points);
  const pack = (shown: number) => () => {
    const writer = new ByteWriter().whole(points.length - shown);
    return writer
      .list(points.slice(0, shown), (point) => {
        const value = isErased(point.value) ? null : point.value;
        writer
          .id(point.id)
          .whole(
            ContactKind.options.indexOf(point.kind) * 8 +
              (point.verified ? 4 : 0) +
              (point.preferred ? 2 : 0) +
              (value === null ? 1 : 0),
          )
          .text(cutText(value ?? '', 120))
          .text(point.source);
      })
      .bytes();
  };
  const most = Math.min(points.length, 20);
  return packWithin(
    packBudgets.contact,
    Array.from({ length: most + 1 }, (_, dropped) => pack(most - dropped)),
  );
};

export const readContact = (bytes: Uint8Array): ContactView => {
  const reader = new ByteReader(bytes);
  const more = reader.whole();
  const points = reader.list(() => {
    const id = reader.id('contactPoint');
    const flags = reader.whole();
    const value = reader.text();
    return {
      id,
      kind: ContactKind.options[flags >> 3] ?? 'phone',
      value: flags & 1 ? null : value,
      verified: (flags & 4) !== 0,
      preferred: (flags & 2) !== 0,
      source: reader.text(),
    };
  });
  return { points, more };
};

export const contactSection: StoredSection = {
  place: 1,
  pack: (states) => (states.has(contact.name) ? packContact(states) : undefined),
};

/** How the customer is reached, as the 360 view tells it. */
export const showContact = ({ parts, identity }: ViewBasis): View360['contact'] => {
  const packed = parts.stored.get(contactSection.place);
  const { points, more } = packed === undefined ? { points: [], more: 0 } : readContact(packed);
  return {
    points: points.flatMap(({ value, ...point }) => (value === null ? [] : [{ ...point, value }])),
    preferences: identity.language === null ? {} : { language: identity.language },
    restrictions: [],
    ...(more > 0 ? { more } : {}),
  };
};
