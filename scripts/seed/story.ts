import { calendarOf, type StoryCalendar, type StoryOptions } from './calendar.ts';
import { castOf, type Party } from './cast.ts';
import { homeStory } from './homes.ts';
import { changeOfOccupierStory, houseMoveStory } from './moves.ts';
import { outageOf } from './outage.ts';
import { landlordStory, multiSiteStory } from './portfolios.ts';
import { deskFor, type PartyStory, type Setting } from './setting.ts';

/** The whole story: who is in it, and the way to tell each party's part, always the same. */
export interface Story {
  readonly options: StoryOptions;
  readonly calendar: StoryCalendar;
  readonly cast: readonly Party[];
  /** Writes a party's story; pure, so it may be written again where it is needed again. */
  tell(party: Party): PartyStory;
}

const tellParty = (setting: Setting, party: Party): PartyStory => {
  const desk = deskFor(setting, party);
  switch (party.part) {
    case 'change-of-occupier':
      return changeOfOccupierStory(desk);
    case 'house-move':
      return houseMoveStory(desk);
    case 'landlord':
      return landlordStory(desk);
    case 'multi-site':
      return multiSiteStory(desk);
    case 'household':
    case 'joint-holders':
    case 'small-business':
      return homeStory(desk);
  }
};

/** Sets the story up. Throws RangeError for options that tell nothing. */
export const storyOf = (options: StoryOptions): Story => {
  if (options.customers < 1 || options.months < 1) throw new RangeError('a story needs a customer and a month');
  const calendar = calendarOf(options);
  const setting: Setting = { options, calendar, outage: outageOf(calendar) };
  return { options, calendar, cast: castOf(options), tell: (party) => tellParty(setting, party) };
};
