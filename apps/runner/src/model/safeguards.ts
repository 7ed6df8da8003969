/** What keeps the promises; each is taken out by a test that expects a promise to break. */
export interface Safeguards {
  /** An intent is opened once, and equal ones are found. */
  ledger: boolean;
  /** A runner that lost touch with its database commits and sends nothing. */
  lease: boolean;
  /** The ledger takes intents only of runners whose lease lasts: of others nobody would settle them. */
  leaseInLedger: boolean;
  /** The lease is looked at again when the connection is there, right before the first byte. */
  leaseAtFirstByte: boolean;
  /** A lease that has lapsed and is taken anew is no right to go on with what was committed under the old one: others may have settled it. */
  leaseSinceCommit: boolean;
  /** Asked-for confirmations are waited for. */
  consent: boolean;
  /** What the caller says before the agent has spoken is no answer to the read-back. */
  yesAfterReadBack: boolean;
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
  /** Dead runners are swept again before they are forgotten: what they had begun may be committed late. */
  sweepsAgain: boolean;
  /** "Not there" is not believed at once. */
  settlesFirst: boolean;
  /** How long ago a write was given up is measured when the provider is asked, not when its answer is read. */
  measuresBeforeLook: boolean;
  /** An edge is answered in time, whatever the pipeline does. */
  answersInTime: boolean;
  /** What comes after the end has numbers of its own, which those of the runner that is still to tell cannot meet. */
  numbersAttempts: boolean;
  /** The evidence of a look or a late answer is kept whoever knew before, and a database that is away is waited for. */
  keepsLooks: boolean;
  /** A late refusal is not believed where an earlier request may have had its effect. */
  doubtsLateRefusals: boolean;
  /** Only what an invocation did itself is looked at, not what it was answered with. */
  looksAtOwn: boolean;
}

export const ALL_SAFEGUARDS: Safeguards = {
  ledger: true,
  lease: true,
  leaseInLedger: true,
  leaseAtFirstByte: true,
  leaseSinceCommit: true,
  consent: true,
  yesAfterReadBack: true,
  oneYesOneIntent: true,
  yesWithIntent: true,
  noRetryOnTimeout: true,
  remembersAttempts: true,
  recordsLooks: true,
  oneEnd: true,
  sweeper: true,
  sweepsAgain: true,
  settlesFirst: true,
  measuresBeforeLook: true,
  answersInTime: true,
  numbersAttempts: true,
  keepsLooks: true,
  doubtsLateRefusals: true,
  looksAtOwn: true,
};
