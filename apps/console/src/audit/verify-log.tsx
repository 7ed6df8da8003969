import { useState } from 'react';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { audit } from '@patchbay/contracts/audit';
import { Notice, ProblemNotice } from '../frame/notice.tsx';
import { useAccess } from '../gateway/access.ts';
import { GatewayError, type Problem } from '../gateway/problem.ts';
import { read } from '../gateway/read.ts';

type Verdict = ReplyOf<typeof audit.verifyAudit>;

/** Has the whole chain checked, and says what came of it. */
export function VerifyLog() {
  const { apiKey } = useAccess();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ verdict: Verdict } | { problem: Problem } | null>(null);
  const verify = async () => {
    setBusy(true);
    setOutcome(await verdictOf(apiKey));
    setBusy(false);
  };
  return (
    <div className="verify">
      <button type="button" disabled={isBusy} onClick={() => void verify()}>
        {isBusy ? 'Checking every entry…' : 'Verify the log'}
      </button>
      {outcome && 'verdict' in outcome && <VerdictNotice verdict={outcome.verdict} />}
      {outcome && 'problem' in outcome && <ProblemNotice problem={outcome.problem} hasData={false} isRetried={false} />}
    </div>
  );
}

async function verdictOf(apiKey: string | null): Promise<{ verdict: Verdict } | { problem: Problem }> {
  try {
    return { verdict: JSON.parse(await read('/v1/audit/verify', apiKey, new AbortController().signal)) as Verdict };
  } catch (error) {
    if (error instanceof GatewayError) return { problem: error.problem };
    throw error;
  }
}

function VerdictNotice({ verdict: { intact, entries, brokenAt, head } }: { verdict: Verdict }) {
  if (intact) {
    return (
      <Notice tone="good" title={`Intact: all ${entries.toLocaleString()} entries are as they were written`}>
        The newest ends in <code className="head">{head}</code>. Keep that hash somewhere else: with it you can tell later
        whether entries were cut off at the end.
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={`Broken at entry ${brokenAt}`}>
      The entry with this number was changed after it was written, or is missing. Export the log now, and ask whoever runs
      the database.
    </Notice>
  );
}
