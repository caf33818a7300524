/** Segments that one replay may have; each is worked on by a run of its own. */
export const mostReplaySegments = 32;
