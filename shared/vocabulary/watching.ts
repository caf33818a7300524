import * as z from 'zod';

/** What a stage watches: what loses data, or gives it to others, alone; or all there is. */
export const Watching = z.enum(['protecting', 'all']);
export type Watching = z.infer<typeof Watching>;
