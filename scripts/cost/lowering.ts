import type { LineName } from './line-names.ts';

/** What lowers a line, and what is given for it. */
export const lowering: Readonly<Partial<Record<LineName, string>>> = {
  'Meters connect':
    'meters that send two days at once: half, and usage is a day older; volume tiers of messages, which are left out here, begin at a billion a month',
  'Rules of IoT': 'meters that send two days at once: half, and usage is a day older',
  'Telemetry stream':
    'fewer shards (`telemetryShards`): one takes 10 million meters spread over eight hours and no more; four hold what comes at once after an outage of the network',
  'Readings and usage, written':
    'usage written into views weekly: nearly half, and the view shows last week; capacity that is provisioned or reserved: half and less for a year that is paid for, used or not',
  'Days judged, months closed': 'days judged twice a week, several in one write: half, and gaps are found days later',
  'What judged days tell':
    'looking once a week, not at each day: six sevenths, and somebody learns of a leak up to a week later',
  'Meters looked at on time': 'looking once in eight days: half, and a silent meter is found days later',
  Facts: 'facts of a household in one request: fewer commits; capacity that is provisioned or reserved',
  'Storage of tables': 'fewer months at hand, or older ones in the table class for what is seldom read',
  'Recovery of tables':
    'none for readings, which meters and head ends have still: what is deleted by mistake is sent again',
  'Functions on what meters send':
    'looking once a week, not at each day: most of it, and somebody learns of a leak up to a week later; a longer window of `validation-follow`: usage later by as much',
  'Functions on facts and changes':
    'a filter on what `profile-follow` is woken by (each usage item of a view wakes it now), or a window of some seconds: search and waiting facts later by as much',
  Firewall:
    'fewer rules: whole kinds of requests come through to the functions; none at all: floods are paid for as calls',
  Keys: 'one key for everything at rest and for people: whoever may read a table could open what is sealed; fewer requests, by keeping unwrapped keys of people longer in memory',
  Logs: 'lines of platform reports off, or kept shorter: less to look for a failure in',
  'Metrics of stream readers': 'asked for by fewer readers: nobody is told at once of what the others give up',
  'Metrics that functions count': 'fewer counts: their alarms go with them',
  Alarms:
    'those that protect data alone (`alarms.watching`): what fails again and again is found by those who wait for it',
  Traces: 'a sampling rule of the account of one in a hundred, or no traces of readers: less to find a slow part by',
  'Customers who sign in':
    'signing in at a provider that the utility has already, whose tokens the API would be taught to take; Cognito Lite is cheaper and cannot put roles into access tokens; a price agreed with AWS for so many',
  'Staff who sign in': 'the same; it is paid by the person',
  'Tokens of programs': 'tokens that are good for longer than an hour: so is one that was stolen',
  Queues: 'facts sent in larger events: fewer messages',
};
