/** Names of things as IoT Core takes them. */
const thingName = /^[A-Za-z0-9:_-]{1,128}$/;

/** Throws TypeError for a name that is none: a programming error, since things have the names of their meters. */
export const checkThingName = (name: string): void => {
  if (!thingName.test(name)) throw new TypeError(`not a thing name: ${name.slice(0, 16)}`);
};
