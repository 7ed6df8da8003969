import { z } from 'zod';

const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const layer = (whose: string) => ({
  perMinute: count(1, 1_000_000).optional().describe(`Calls per minute of ${whose}; as RUNNER_RATE_LIMITS says unless given. Of all runners together.`),
  burst: count(1, 1_000_000).optional().describe(`Calls at once of ${whose}; as RUNNER_RATE_LIMITS says unless given. Of all runners together, but for calls at the same moment.`),
});
const [organization, tool, test] = [
  layer('one organization'),
  layer('one tool, unless the tool has limits itself'),
  layer('the tests of one organization'),
];

/** What keeps providers, callers and this process from each other. */
export const guardEnv = {
  RUNNER_RATE_LIMITS: z
    .enum(['default', 'strict', 'off'])
    .default('default')
    .describe('Calls per minute and at once: default (organization 6000/1000, tool 1200/200, tests 10/5), strict (60/30, 30/15, 10/5) or off.'),
  RUNNER_ORGANIZATION_CALLS_PER_MINUTE: organization.perMinute,
  RUNNER_ORGANIZATION_BURST_CALLS: organization.burst,
  RUNNER_TOOL_CALLS_PER_MINUTE: tool.perMinute,
  RUNNER_TOOL_BURST_CALLS: tool.burst,
  RUNNER_TEST_CALLS_PER_MINUTE: test.perMinute,
  RUNNER_TEST_BURST_CALLS: test.burst,
  // Polling every five seconds is six calls in thirty; a model that is stuck makes one every second or two.
  RUNNER_LOOP_EQUAL_CALLS: count(0, 1_000)
    .default(8)
    .describe('Calls of one function with equal arguments that a session may make within RUNNER_LOOP_WINDOW_MS; 0 for any number.'),
  RUNNER_LOOP_WINDOW_MS: count(1_000, 60_000).default(30_000).describe('The time for those calls, in milliseconds.'),
  // A turn of a conversation takes three seconds and more: twenty a minute, three functions each.
  RUNNER_LOOP_CALLS_PER_MINUTE: count(0, 100_000)
    .default(60)
    .describe('Calls that a session may make in a minute, whatever they are; 0 for any number.'),
  // As many as there are sockets to one provider: with fewer places than sockets, 200 calls that take 150 ms each would wait for nothing.
  RUNNER_PROVIDER_CONCURRENT: count(1, 10_000).default(256).describe('Requests under way at once to one provider over one account.'),
  RUNNER_PROVIDER_QUEUE: count(0, 1_000).default(8).describe('Requests that may wait for one of those places.'),
  RUNNER_PROVIDER_QUEUE_MS: count(0, 10_000).default(100).describe('How long a request may wait for a place, in milliseconds.'),
  // Two cores shared with noisy neighbours stall for 50 to 100 ms without being overloaded; a caller hears a quarter of a second.
  RUNNER_EVENT_LOOP_LAG_MS: count(0, 10_000)
    .default(250)
    .describe('With a longer 99th percentile of event loop lag for a second, reads are refused; 0: never.'),
  RUNNER_BREAKER_WINDOW_MS: count(1_000, 600_000)
    .default(10_000)
    .describe('Time whose calls decide whether a provider is taken for down, in milliseconds.'),
  RUNNER_BREAKER_FAILURE_PERCENT: count(1, 100).default(50).describe('The part of those calls that must have failed.'),
  // One a second over the window: fewer are too few for a part to mean anything.
  RUNNER_BREAKER_MINIMUM_CALLS: count(1, 10_000).default(10).describe('Fewer calls than this decide nothing.'),
  // After much success it takes half a window until half of the calls have failed; twenty callers should not have to find out.
  RUNNER_BREAKER_FAILURES_IN_A_ROW: count(1, 10_000)
    .default(15)
    .describe('With so many failures and no success between them a provider is down, too.'),
  RUNNER_BREAKER_HALF_OPEN_MS: count(100, 600_000).default(5_000).describe('After this long one read at a time may find out whether it is back.'),
  RUNNER_BREAKER_WRITES_MS: count(100, 3_600_000).default(30_000).describe('After this long one write at a time may, where no read has.'),
  RUNNER_RETRY_PERCENT: count(0, 100).default(10).describe("Retries as a part of a provider's traffic."),
};
export type GuardEnv = z.output<z.ZodObject<typeof guardEnv>>;
