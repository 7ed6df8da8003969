import type { EdgeRpc, Rpc } from './define.ts';
import { CALL_EVENTS, callEventSubject, type CallEventKind } from './edge.ts';
import { ErrorBody } from './errors.ts';
import { jsonSchemas, type NamedSchemas } from './json-schemas.ts';
import { EVENTS, REQUESTS } from './surface.ts';

type Json = Record<string, unknown>;
const component = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const channel = (name: string) => ({ $ref: `#/channels/${name}` });

/** The AsyncAPI 3 document of everything that travels over NATS, made from the contracts. */
export function asyncApiDocument(): Json {
  const inputs: NamedSchemas = {};
  const outputs: NamedSchemas = { Error: ErrorBody };
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  for (const [service, group] of Object.entries(REQUESTS)) {
    for (const [name, contract] of Object.entries(group) as [string, Rpc][]) {
      const id = `${service}_${name}`;
      inputs[`${id}Request`] = contract.input;
      outputs[`${id}Reply`] = contract.output;
      channels[id] = requestChannel(id, contract);
      channels[`${id}Replies`] = replyChannel(id);
      operations[id] = requestOperation(id, contract);
    }
  }
  for (const [service, group] of Object.entries(EVENTS)) {
    for (const [name, { subject, summary, payload }] of Object.entries(group)) {
      const id = `${service}_${name}`;
      outputs[`${id}Event`] = payload;
      channels[id] = { address: subject, messages: { event: component('messages', `${id}Event`) } };
      operations[id] = { action: 'send', summary, channel: channel(id) };
    }
  }
  for (const [kind, payload] of Object.entries(CALL_EVENTS)) {
    const id = `call_${kind}`;
    outputs[`${id}Event`] = payload;
    channels[id] = callEventChannel(id, kind as CallEventKind);
    operations[id] = { action: 'send', summary: payload.description, channel: channel(id) };
  }
  const schemas = { ...jsonSchemas(inputs, 'input'), ...jsonSchemas(outputs, 'output') };
  const messages = Object.keys({ ...inputs, ...outputs }).map((id) => [id, messageOf(id)]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Patchbay over NATS',
      version: '1.0.0',
      description: 'Requests, replies and events as plain UTF-8 JSON. The edge contract is what a voice edge speaks; the rest is between services.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages: Object.fromEntries(messages) as Json, schemas },
  };
}

const OF_EDGE = { organization: { description: 'Id of the organization.' }, edge: { description: 'Id of the edge.' } };

function messageOf(id: string): Json {
  return { name: id, contentType: 'application/json', payload: component('schemas', id) };
}

function requestChannel(id: string, contract: Rpc): Json {
  const { operation } = contract as EdgeRpc;
  const messages = { request: component('messages', `${id}Request`) };
  if (!operation) return { address: contract.subject, messages };
  return { address: `edge.v1.{organization}.{edge}.${operation}`, parameters: OF_EDGE, messages };
}

function callEventChannel(id: string, kind: CallEventKind): Json {
  const address = callEventSubject('{organization}', '{edge}', '{session}', kind);
  const parameters = { ...OF_EDGE, session: { description: 'Id of the session.' } };
  return { address, parameters, messages: { event: component('messages', `${id}Event`) } };
}

/** The address of a reply is the inbox named in the request. */
function replyChannel(id: string): Json {
  return { address: null, messages: { reply: component('messages', `${id}Reply`), error: component('messages', 'Error') } };
}

function requestOperation(id: string, contract: Rpc): Json {
  const errors = contract.errors.length > 0 ? ` Errors: ${contract.errors.join(', ')}.` : '';
  return {
    action: 'receive',
    summary: contract.summary,
    description: `${contract.summary}${errors}`,
    channel: channel(id),
    reply: { channel: channel(`${id}Replies`) },
  };
}
