import { parentPort } from 'node:worker_threads';
import type { LargeAnswerDone, LargeAnswerTask } from './large-answers.ts';
import { compileResponse } from './shape-response.ts';

// Started by large-answers.ts. Node runs this file as it is in tests: no syntax that has to be compiled, here and in what it imports.
parentPort?.on('message', ({ taskId, rules, sayEmpty, answer, args }: LargeAnswerTask) => {
  // Structured cloning makes a plain Uint8Array of a Buffer.
  const body = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength);
  const shaped = compileResponse(rules, { sayEmpty })({ ...answer, body }, args);
  parentPort?.postMessage(
    { taskId, shaped: { ...shaped, body: sentencesOf(shaped.body) } } satisfies LargeAnswerDone,
    [],
  );
});

/** To send the whole body back would take as long as to read it here. */
function sentencesOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { say, hint } = body as Record<string, unknown>;
  return { ...(typeof say === 'string' ? { say } : {}), ...(typeof hint === 'string' ? { hint } : {}) };
}
