/** Stands in bundles for SHA-256 written in JavaScript, which the SDK takes where Node was built without it. A Lambda's was not. */
export class Sha256Js {
  constructor() {
    throw new Error('hashing without the crypto of Node is left out of this bundle');
  }
}
