/** Bytes of the largest file of meter data, packed or not; of a presigned upload S3 takes no more in one piece. */
export const mostFileBytes = 5 * 1024 ** 3;
