import { accepted, type Judgement, rejected, warned } from './judgement.ts';

/** Longest address, local part and label of a domain (RFC 5321 4.5.3.1, RFC 1035 2.3.4), in characters. */
const longest = { address: 254, local: 64, label: 63 } as const;

const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
/** The last label of a name in use is never digits alone. */
const lastLabel = /^(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]+)$/iu;

const isDomain = (domain: string): boolean => {
  const labels = domain.split('.');
  return (
    labels.length > 1 &&
    labels.every((one) => one.length <= longest.label && label.test(one)) &&
    lastLabel.test(labels.at(-1) ?? '')
  );
};

/**
 * Whether a text is an e-mail address: a dot-atom before the last `@` and a domain name of two labels at least behind it (RFC 5322
 * 3.4.1, RFC 6531 for letters beyond ASCII). A quoted local part or an address literal is possible mail and hardly ever meant.
 */
export const judgeEmail = (text: string): Judgement => {
  const value = text.trim();
  const at = value.lastIndexOf('@');
  const [local, domain] = [value.slice(0, at), value.slice(at + 1)];
  if (at < 1 || value.length > longest.address || local.length > longest.local) return rejected('email.malformed');
  const literal = /^\[[0-9a-f.:]+\]$/i.test(domain);
  const quoted = /^"[^"\\\p{Cc}]+"$/u.test(local);
  if ((!literal && !isDomain(domain)) || (!quoted && !localPart.test(local))) return rejected('email.malformed');
  return literal || quoted ? warned('email.unusual') : accepted;
};
