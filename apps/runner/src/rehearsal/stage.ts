import { FunctionSnapshot, Speech } from '@patchbay/contracts/agents';
import { SessionSnapshot } from '@patchbay/contracts/calls';
import { ResolvedConnection } from '@patchbay/contracts/connections';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CompiledAgent } from '../outside/agent-functions.ts';
import { compileFunction } from '../outside/compile-function.ts';

/** Of the requests of the limited function, so many are let through at once; the others are refused. */
const LIMITED_BURST = 20;
const PARAMETERS = {
  type: 'object',
  properties: {
    orderId: { type: 'string', minLength: 1 },
    email: { type: 'string', format: 'email', 'x-pii': true },
    people: { type: 'integer', minimum: 1 },
    day: { type: 'string', format: 'date' },
  },
  required: ['orderId'],
  additionalProperties: false,
};
const KINDS = ['check', 'limited_check', 'book'] as const;
/** Each may make 60 calls in a minute. */
const SESSIONS = 16;
const TURN_BUDGET_MS = 5_000;
const SPEECH = Speech.parse({});
const ANSWER = JSON.stringify({ order: { id: 'o-1', status: 'shipped', lines: [{ name: 'tea', count: 2 }] }, note: 'on its way' });

/** What is played on: an organization, its edge, functions and sessions, and a provider on this machine. None of them exists anywhere else. */
export class Stage implements AsyncDisposable {
  readonly organizationId = newId('organization');
  readonly edgeId = newId('edge');
  readonly runnerId = newId('runner');
  readonly versionId = newId('agentVersion');
  readonly agent: CompiledAgent;
  readonly connection: ResolvedConnection;
  readonly #sessionIds = Array.from({ length: SESSIONS }, () => newId('session'));
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    const connectionId = newId('connection');
    this.connection = ResolvedConnection.parse({
      connectionId,
      version: 1,
      headers: { authorization: 'Bearer rehearsal-is-not-a-secret' },
      signingSecrets: [],
    });
    const functions = functionsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, connectionId);
    const compiled = functions.map((one) => [one.name, compileFunction(this.organizationId, one, { speech: SPEECH, onDefect: fail })] as const);
    this.agent = { turnBudgetMs: TURN_BUDGET_MS, speech: SPEECH, functions: new Map(compiled) };
  }

  static async open(): Promise<Stage> {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(ANSWER));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new Stage(server);
  }

  session(sessionId: string): SessionSnapshot {
    const { organizationId, edgeId, versionId } = this;
    return SessionSnapshot.parse({ organizationId, sessionId, edgeId, versionId, state: 'live', callerNumber: '+15550001111' });
  }

  request(number: number): InputOf<typeof edge.invoke> {
    const kind = KINDS[number % KINDS.length]!;
    return {
      sessionId: this.#sessionIds[number % this.#sessionIds.length]!,
      turnId: `turn_${number}`,
      toolCallId: `call_${number}`,
      function: kind,
      arguments: { orderId: `o-${number}`, email: 'anna@example.com', people: 2 + (number % 4), day: '2026-11-27' },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function functionsAt(origin: string, connectionId: string): FunctionSnapshot[] {
  const functionAt = (name: string, more: Partial<FunctionSnapshot>) =>
    FunctionSnapshot.parse({
      functionId: newId('function'),
      name,
      description: name,
      parameters: PARAMETERS,
      toolId: newId('tool'),
      toolVersion: 1,
      connectionId,
      effect: 'read',
      http: { method: 'GET', url: `${origin}/orders/{orderId}` },
      response: { success: 'status == 200', pick: ['order.status', 'order.lines'], say: 'It is {{ result.order.status }}.' },
      ...more,
    });
  return [
    functionAt('check', {}),
    functionAt('limited_check', { limits: { perMinute: 1, burst: LIMITED_BURST } }),
    functionAt('book', { effect: 'write.reversible', http: { method: 'POST', url: `${origin}/bookings` }, confirmation: { required: false } }),
  ];
}

function fail(defect: Error): never {
  throw defect;
}
