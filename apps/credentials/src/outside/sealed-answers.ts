import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { SealingPublicKey } from '@patchbay/contracts/sealing';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';

type SealTo = SealingPublicKey | undefined;

/** What is secret of the answer for whoever has the key only; the answer as it is for a neighbour of a release that sends no key. */
export async function sealedResolution(answer: ResolvedConnection, sealTo: SealTo): Promise<ResolvedConnection> {
  if (!sealTo) return answer;
  const { headers, signingSecrets, fallback } = answer;
  return { ...answer, headers: {}, signingSecrets: [], fallback: null, sealed: await sealFor(sealTo, { headers, signingSecrets, fallback }) };
}

export async function sealedSigningSecrets(signingSecrets: string[], sealTo: SealTo): Promise<{ signingSecrets: string[]; sealed: string | null }> {
  return sealTo ? { signingSecrets: [], sealed: await sealFor(sealTo, { signingSecrets }) } : { signingSecrets, sealed: null };
}

/** A secret that is shown once. */
export async function sealedText(secret: string, sealTo: SealTo): Promise<string> {
  return sealTo ? sealFor(sealTo, secret) : secret;
}
