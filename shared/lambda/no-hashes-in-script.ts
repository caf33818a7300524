/** Stands in bundles for a hash written in JavaScript, which the SDK takes where Node was built without it. A Lambda's was not. */
class LeftOut {
  constructor() {
    throw new Error('hashing without the crypto of Node is left out of this bundle');
  }
}

export { LeftOut as Md5Js, LeftOut as Sha1Js, LeftOut as Sha256Js };
