import { Register } from '#shared/vocabulary/measures.ts';
import type { IdOrReference } from '#shared/vocabulary/references.ts';
import type { NamedSubject } from './definition.ts';

/** The subject of every fact of metering: the service point it names, whose premise folds it. */
export const ofServicePoint = (data: {
  readonly servicePoint: IdOrReference;
}): readonly (NamedSubject & { readonly family: 'metering' })[] => [
  { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
];

export const registerId = Register.shape.id;

/** The service point and the meter of the examples. */
export const servicePoint = { namespace: 'mpan', value: '1900012345678' };
export const meter = { namespace: 'serial', value: 'RT-00041' };
