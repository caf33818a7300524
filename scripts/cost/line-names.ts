/** Lines of the bill, in the order of the page. */
export const lineNames = [
  'Meters connect',
  'Rules of IoT',
  'Telemetry stream',
  'Readings and usage, written',
  'Days judged, months closed',
  'What judged days tell',
  'Meters looked at on time',
  'Facts',
  'Views',
  'Audit, sealed',
  'Storage of tables',
  'Recovery of tables',
  'Functions on what meters send',
  'Functions on facts and changes',
  'Functions of the API, sign-in and clock',
  'Firewall',
  'Keys',
  'Logs',
  'Metrics that functions count',
  'Metrics of stream readers',
  'Metrics of methods',
  'Alarms',
  'Dashboards',
  'Traces',
  'Customers who sign in',
  'Staff who sign in',
  'Tokens of programs',
  'Archives of buses',
  'Queues',
  'Objects',
  'Messages of alarms',
  'Audit of devices',
] as const;
export type LineName = (typeof lineNames)[number];

/** A line of the bill. */
export interface CostLine {
  readonly what: LineName;
  readonly how: string;
  readonly dollars: number;
}

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);
