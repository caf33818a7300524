import type { TLSSocket } from 'node:tls';

/** What is known of a connection from its handshake. */
export interface Peer {
  readonly thing: string;
  readonly fingerprint: string;
}

/** The device at the other end; undefined where its certificate names none. */
export const peerOf = (socket: TLSSocket): Peer | undefined => {
  const certificate = socket.getPeerCertificate();
  const thing = certificate.subject?.CN;
  return typeof thing === 'string' && certificate.fingerprint256 !== undefined
    ? { thing, fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase() }
    : undefined;
};

const handshakeReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate.expired',
  CERT_NOT_YET_VALID: 'certificate.not-yet-valid',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate.untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate.untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate.untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate.untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate.untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate.untrusted',
  INVALID_PURPOSE: 'certificate.purpose',
  INVALID_CA: 'certificate.untrusted',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'certificate.missing',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls.version',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls.none',
  ERR_SSL_HTTP_REQUEST: 'tls.none',
};

/** Why a handshake failed, as one of a bounded set of reasons. */
export const handshakeReason = (error: Error, socket: TLSSocket): string => {
  const codes = [socket.authorizationError, 'code' in error ? error.code : undefined];
  for (const code of codes) {
    const reason = typeof code === 'string' ? handshakeReasons[code] : undefined;
    if (reason !== undefined) return reason;
  }
  return 'handshake';
};
