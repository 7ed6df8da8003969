import type { ConsentEvidence } from '@patchbay/contracts/runner';
import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';

/** The caller's answer to a read-back as it is kept: which turn, which words, when, and for which arguments. */
export function consentEvidence(consent: Consent, answer: CallerAnswer | undefined): ConsentEvidence {
  return {
    consentId: consent.consentId,
    readBack: consent.readBack,
    argumentsHash: consent.argumentsHash,
    verdict: answer?.verdict ?? 'none',
    turnId: answer?.turnId ?? null,
    words: answer?.words ?? null,
    at: answer?.at ?? null,
  };
}
