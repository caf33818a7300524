/** Id among the constructs: `access-log` is `AccessLog`. */
export const constructId = (name: string): string =>
  name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
