import { createHash, createHmac, randomBytes } from 'node:crypto';

/** The client's half of Cognito's secure remote password: SRP-6a in the 3072-bit group, SHA-256, no password on the wire. */

// RFC 5054, appendix A, 3072-bit group.
const primeHex =
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437' +
  '4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05' +
  '98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B' +
  'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33' +
  'A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864' +
  'D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF';
const prime = BigInt(`0x${primeHex}`);
const generator = 2n;

/** Hex of even length whose number is read as positive. */
const padded = (value: bigint): string => {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
};
const hashHex = (...hex: readonly string[]): string =>
  createHash('sha256')
    .update(Buffer.from(hex.join(''), 'hex'))
    .digest('hex');
const hashText = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const power = (base: bigint, exponent: bigint): bigint => {
  let [result, square, rest] = [1n, base % prime, exponent];
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
    rest >>= 1n;
  }
  return result;
};

const multiplier = BigInt(`0x${hashHex(padded(prime), padded(generator))}`);

/** The challenge that Cognito answers. */
export interface PasswordChallenge {
  readonly userId: string;
  readonly salt: string;
  readonly serverPublic: string;
  readonly secretBlock: string;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Tue Nov 3 08:05:09 UTC 2026` */
const timestamp = (now: Date): string =>
  `${days[now.getUTCDay()]} ${months[now.getUTCMonth()]} ${now.getUTCDate()} ${now.toISOString().slice(11, 19)} UTC ${now.getUTCFullYear()}`;

/** Begins a proof: the public number to send, and the way to answer the challenge. */
export const beginProof = (poolId: string, password: string) => {
  const secret = BigInt(`0x${randomBytes(128).toString('hex')}`);
  const ownPublic = power(generator, secret);
  const pool = poolId.split('_')[1] ?? '';
  return {
    publicHex: ownPublic.toString(16),
    answer: ({ userId, salt, serverPublic, secretBlock }: PasswordChallenge) => {
      const server = BigInt(`0x${serverPublic}`);
      const scramble = BigInt(`0x${hashHex(padded(ownPublic), padded(server))}`);
      const verifier = hashText(`${pool}${userId}:${password}`);
      const x = BigInt(`0x${hashHex(padded(BigInt(`0x${salt}`)), verifier)}`);
      const base = (((server - multiplier * power(generator, x)) % prime) + prime) % prime;
      const shared = power(base, secret + scramble * x);
      const derived = createHmac('sha256', Buffer.from(padded(scramble), 'hex'))
        .update(Buffer.from(padded(shared), 'hex'))
        .digest();
      const key = createHmac('sha256', derived).update('Caldera Derived Key\u0001').digest().subarray(0, 16);
      const at = timestamp(new Date());
      const signature = createHmac('sha256', key)
        .update(pool)
        .update(userId)
        .update(Buffer.from(secretBlock, 'base64'))
        .update(at)
        .digest('base64');
      return { timestamp: at, signature };
    },
  };
};
