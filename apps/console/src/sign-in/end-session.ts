import { GatewayError } from '../gateway/problem.ts';
import { send } from '../gateway/send.ts';

/** Ends the session of a person; returns why it may still be open, in words. */
export async function endSession(): Promise<string | null> {
  try {
    await send('POST', '/v1/sign-out', null);
    return null;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const isOver = error.problem.kind === 'refused' && error.problem.status === 401;
    return isOver ? null : `Your session may still be open: ${error.problem.message} Reload the page and sign out again.`;
  }
}
