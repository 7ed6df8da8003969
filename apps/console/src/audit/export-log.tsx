import { useState } from 'react';
import { ProblemNotice } from '../frame/notice.tsx';
import { saveFile } from '../frame/save-file.ts';
import { useAccess } from '../gateway/access.ts';
import { GatewayError, problemOf, type Problem } from '../gateway/problem.ts';
import { fileOf, request, textOf } from '../gateway/request.ts';

/** A log of a million entries takes minutes. */
const EXPORT_TIMEOUT_MS = 10 * 60_000;

/** The log, or what of it is shown, as a file of one JSON entry a line. */
export function ExportLog({ filter }: { filter: Record<string, string> }) {
  const { apiKey } = useAccess();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(await saveExport(`/v1/audit/export?${new URLSearchParams(filter)}`, apiKey));
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="aside" disabled={isBusy} onClick={() => void save()}>
        {isBusy ? 'Exporting…' : Object.keys(filter).length > 0 ? 'Export what is shown' : 'Export the log'}
      </button>
      {problem && <ProblemNotice problem={problem} hasData={false} isRetried={false} />}
    </>
  );
}

/** The connection is cut when a part cannot be read, so that a file which is saved is whole. */
async function saveExport(path: string, apiKey: string | null): Promise<Problem | null> {
  try {
    const reply = await request(path, { apiKey, signal: AbortSignal.timeout(EXPORT_TIMEOUT_MS) });
    if (!reply.ok) return problemOf(reply.status, await textOf(reply));
    const named = /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1];
    saveFile(named ?? 'audit.ndjson', await fileOf(reply));
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error.problem;
    throw error;
  }
}
