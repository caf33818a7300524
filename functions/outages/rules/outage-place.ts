import { premise } from '#shared/profile/rules/premise.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { ThingAtPremises } from '#shared/profile/rules/thing-at-premises.ts';
import { outage } from './outages.ts';

/** Where an outage is: at its premises, of the points that take its commodity. */
export const outagePlace: ThingAtPremises = {
  premises: (states) => [...new Set(stateOf(states, outage).state.outages.map((one) => one.premise))],
  points: (states, id, place) => {
    const commodity = stateOf(states, outage).state.outages.find((one) => one.id === id)?.commodity;
    return stateOf(place, premise).state.servicePoints.flatMap((point) =>
      point.commodity === commodity ? [point.id] : [],
    );
  },
};
