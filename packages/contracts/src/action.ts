import { z } from 'zod';
import { OutcomeErrorCode } from './outcome.ts';

export const HttpMethod = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** A header as RFC 9110 writes its name. */
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'is not the name of a header');
const HeaderValue = z.string().max(2000).regex(/^[\x20-\x7e\t]*$/, 'has characters that cannot stand in a header');

/**
 * Where an argument goes when it is not named by a `{placeholder}` in the path; `name` is its name there, its own unless given. A header takes
 * visible ASCII, and is none that says where a message goes, who sent it, or what it is (`host`, `authorization`, `content-type`, `webhook-*`).
 */
export const ArgumentPlace = z.object({ in: z.enum(['query', 'header', 'body']), name: z.string().min(1).max(200).optional() });
export type ArgumentPlace = z.infer<typeof ArgumentPlace>;

/**
 * How an action is called over HTTP. `{name}` in a path segment takes the argument; the others go where `places` says, else to the query
 * (GET, DELETE) or the body (POST, PUT, PATCH; a DELETE has one only for arguments placed there). `body`: `json` (default), `form`
 * (urlencoded), or `envelope`, the signed `{ tool, organizationId, agentId, sessionId, callerNumber, timestamp, arguments }`.
 */
export const HttpRequestTemplate = z.object({
  method: HttpMethod,
  url: z.url().max(2000),
  body: z.enum(['json', 'form', 'envelope']).optional(),
  places: z.record(z.string().max(200), ArgumentPlace).optional(),
  /** Fixed headers without a secret; secrets come from the connection. */
  headers: z.record(HeaderName, HeaderValue).optional(),
});
export type HttpRequestTemplate = z.infer<typeof HttpRequestTemplate>;

/**
 * A condition over `{ status, headers, body }` of an answer, in CEL: `status == 200 && !has(body.error)`, `headers["x-left"] == "0"`,
 * `body.items.exists(item, item.id == "7")`. Header names are in lower case. It is not true when it meets a field that is not there.
 * Without regular expressions, `map`, and loops in loops.
 */
export const AnswerCondition = z.string().min(1).max(1000);
/** A Liquid template; what it may use is said where it stands. */
const Template = z.string().min(1).max(4000);

/** What an answer means, and what of it a model may read. */
export const ResponseRules = z.object({
  /** True for an answer that is a success; every 2xx unless given. */
  success: AnswerCondition.optional(),
  /** Business errors inside any answer, the first that is true counts; for HTTP statuses that mean something special, too. */
  errors: z
    .array(z.object({ when: AnswerCondition, code: OutcomeErrorCode, message: z.string().max(500).optional(), say: z.string().max(1000).optional() }))
    .max(50)
    .optional(),
  /** Paths in dots (`data.order.status`, `items.0.id`, `items.*.id`) that stay; everything unless given. */
  pick: z.array(z.string().min(1).max(300)).max(200).optional(),
  /**
   * Path → name in the result, after picking. The value moves to the top of the result (`data.order.status` → `status`); behind a `*` it gets
   * its name where it is (`items.*.order_id` → `orderId`).
   */
  rename: z.record(z.string().max(300), z.string().min(1).max(200)).optional(),
  /** A sentence fit for speech, Liquid over `{ result, arguments }`; none when it names what the result lacks. */
  say: Template.optional(),
  /** The sentence for a result that holds nothing: null, or empty texts, lists and objects only. */
  sayEmpty: z.string().min(1).max(1000).optional(),
  /** JSON Schema of the body; values whose schema says `x-pii: true` are masked in evidence, `x-secret: true` also for the model. */
  schema: z.record(z.string(), z.unknown()).optional(),
});
export type ResponseRules = z.infer<typeof ResponseRules>;

/**
 * What makes a repeat of a write safe at the provider. `header`: it honours an idempotency key in that header. `own_id`: the argument is an
 * id that we choose. `upsert`: the same arguments lead to the same state. `metadata_tag`: the intent id travels in a field, and `verify`
 * finds it there. `none`: a repeat may be a second effect.
 */
export const IdempotencyStrategy = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('none') }),
  z.object({ strategy: z.literal('header'), header: HeaderName.default('idempotency-key') }),
  z.object({ strategy: z.literal('own_id'), parameter: z.string().min(1).max(200) }),
  z.object({ strategy: z.literal('upsert') }),
  z.object({ strategy: z.literal('metadata_tag'), parameter: z.string().min(1).max(200) }),
]);
export type IdempotencyStrategy = z.infer<typeof IdempotencyStrategy>;

/**
 * A read that tells whether a write happened. Its placeholders take the write's arguments, `{intentId}` and `{invocationId}`. Neither
 * condition true: still not known.
 */
export const VerifyAction = z.object({
  http: HttpRequestTemplate,
  done: AnswerCondition,
  notDone: AnswerCondition.optional(),
});
export type VerifyAction = z.infer<typeof VerifyAction>;

/** The second half of an action that only starts something: the platform asks until it has ended. `{name}` in the URL takes values of the first answer or arguments. */
export const PollAction = z.object({
  http: HttpRequestTemplate,
  everyMs: z.int().min(250).max(60_000).default(2_000),
  done: AnswerCondition,
  failed: AnswerCondition.optional(),
  /** After this long it is `unknown`. */
  maxMs: z.int().min(1_000).max(3_600_000).default(300_000),
});
export type PollAction = z.infer<typeof PollAction>;

/** Calls of one tool, over all of an organization's sessions. */
export const ToolLimits = z.object({
  perMinute: z.int().min(1).optional(),
  burst: z.int().min(1).optional(),
  /** Requests under way at once. */
  concurrent: z.int().min(1).max(1000).optional(),
});
export type ToolLimits = z.infer<typeof ToolLimits>;

/** What the runner must know of an action beside its effect and its request. */
export const ActionRules = z.object({
  /** The longest one attempt may take, in milliseconds. */
  timeoutMs: z.int().min(100).max(600_000).default(8_000),
  /** How long it usually takes; longer than the turn's budget: answered `pending`, finished as a `result` event. */
  expectedMs: z.int().min(1).max(600_000).optional(),
  response: ResponseRules.optional(),
  idempotency: IdempotencyStrategy.optional(),
  verify: VerifyAction.optional(),
  poll: PollAction.optional(),
  limits: ToolLimits.optional(),
  /** OAuth scopes that the connection must have been granted; the function is not ready while one is missing. */
  requiredScopes: z.array(z.string().min(1).max(200)).max(50).optional(),
});
export type ActionRules = z.infer<typeof ActionRules>;

/** Where an argument came from: the caller's words, a session variable, the builder, or the model itself. */
export const ArgumentOrigin = z.enum(['caller', 'variable', 'static', 'model']);
export type ArgumentOrigin = z.infer<typeof ArgumentOrigin>;

/** What one agent version adds to an action; everything not given follows from the effect class. */
export const FunctionRules = z.object({
  confirmation: z
    .object({
      required: z.boolean().optional(),
      /** The sentence read to the caller, Liquid over `{ arguments }`. */
      readBack: Template.optional(),
      expiresAfterMs: z.int().min(5_000).max(600_000).optional(),
    })
    .optional(),
  /** Lines spoken while waiting, the first after `afterMs` or when the usual duration says that waiting will be audible. */
  speak: z.object({ waiting: z.array(z.string().min(1).max(500)).min(1).max(10), afterMs: z.int().min(0).max(60_000).optional() }).optional(),
  /** Arguments that the builder fixed; the model neither sees nor sets them. */
  static: z.record(z.string(), z.unknown()).optional(),
  /** Parameter → session variable it is taken from (`callerNumber` is one); the model neither sees nor sets it. */
  bound: z.record(z.string(), z.string()).optional(),
  /** Parameter → origins it may come from; anything unless given. */
  origins: z.record(z.string(), z.array(ArgumentOrigin).min(1)).optional(),
  /** What a test channel answers in place of the provider. */
  mock: z.object({ result: z.unknown(), say: z.string().max(1000).optional(), delayMs: z.int().min(0).max(60_000).optional() }).optional(),
});
export type FunctionRules = z.infer<typeof FunctionRules>;
