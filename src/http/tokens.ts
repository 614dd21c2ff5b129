// The bearer tokens of the API: JWTs signed with the installation's own secret. Issued at login, checked with every
// request by authentication.ts.

import { errors, jwtVerify, SignJWT } from 'jose';

/** Issues and reads tokens. A token names an API key, so it dies with the key. */
export type Tokens = {
  /** A token for the key, valid for the configured life. */
  issue(key: { keyId: number; accountId: number }): Promise<string>;
  /** The key that a token names; undefined when it is forged, expired or not ours. */
  read(token: string): Promise<{ keyId: number } | undefined>;
};

const issuer = 'carillon';
const algorithm = 'HS256';

/** Tokens signed with `secret` (32 random bytes, shared by all processes of an installation). */
export async function createTokens(secret: Uint8Array, lifeSeconds: number): Promise<Tokens> {
  const key = await crypto.subtle.importKey(
    'raw',
    new Uint8Array(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  return {
    issue({ keyId, accountId }) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ key: keyId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(String(accountId))
        .setIssuedAt(now)
        .setExpirationTime(now + lifeSeconds)
        .sign(key);
    },
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer,
          algorithms: [algorithm],
          requiredClaims: ['exp'],
        });
        const { key: keyId } = payload;
        return typeof keyId === 'number' && Number.isSafeInteger(keyId) ? { keyId } : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
