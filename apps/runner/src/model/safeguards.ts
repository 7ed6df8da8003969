/** What keeps the promises; each is taken out by a test that expects a promise to break. */
export interface Safeguards {
  /** An intent is opened once, and equal ones are found. */
  ledger: boolean;
  /** A runner that lost touch with its database sends nothing. */
  lease: boolean;
  /** The lease is looked at again when the connection is there, right before the first byte. */
  leaseAtFirstByte: boolean;
  /** A lease that has lapsed and is taken anew is no right to go on with what was committed under the old one: others may have settled it. */
  leaseSinceCommit: boolean;
  /** Asked-for confirmations are waited for. */
  consent: boolean;
  /** A yes is used up by the intent it is given for. */
  oneYesOneIntent: boolean;
  /** A yes is used in the transaction that commits its intent, and kept when that is taken back. */
  yesWithIntent: boolean;
  /** A write that timed out is not sent again. */
  noRetryOnTimeout: boolean;
  /** An attempt that may have happened is not forgotten over a later one that was refused. */
  remembersAttempts: boolean;
  /** Every look at an unknown write is kept, also one that found out nothing. */
  recordsLooks: boolean;
  /** The primary key lets each invocation end once. */
  oneEnd: boolean;
  /** Dead runners are noticed, and what they had is settled. */
  sweeper: boolean;
  /** Writes of runners that are not on record any more are settled, too. */
  sweepsForgotten: boolean;
  /** "Not there" is not believed at once. */
  settlesFirst: boolean;
  /** How long ago a write was given up is measured when the provider is asked, not when its answer is read. */
  measuresBeforeLook: boolean;
  /** An edge is answered in time, whatever the pipeline does. */
  answersInTime: boolean;
  /** A number that is taken does not lose the evidence of an attempt. */
  numbersAttempts: boolean;
}

export const ALL_SAFEGUARDS: Safeguards = {
  ledger: true,
  lease: true,
  leaseAtFirstByte: true,
  leaseSinceCommit: true,
  consent: true,
  oneYesOneIntent: true,
  yesWithIntent: true,
  noRetryOnTimeout: true,
  remembersAttempts: true,
  recordsLooks: true,
  oneEnd: true,
  sweeper: true,
  sweepsForgotten: true,
  settlesFirst: true,
  measuresBeforeLook: true,
  answersInTime: true,
  numbersAttempts: true,
};
