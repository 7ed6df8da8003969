import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { EventContract, EventEnvelope, InputOf, PayloadOf, ReplyOf, Rpc } from '@patchbay/contracts/define';
import { ErrorReplyFilter } from './error-reply.filter.ts';

type Method<F> = (target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<F>) => void;

/** Binds a method to a contract: its subject, its queue group, the check of its input, and the compiler's check of the method. */
export function Handles<C extends Rpc>(contract: C) {
  const bind = applyDecorators(MessagePattern(contract.subject, { contract }), UseFilters(ErrorReplyFilter));
  return <M extends (input: InputOf<C>, ...rest: never[]) => Promise<ReplyOf<C>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => void bind(target, key, descriptor as TypedPropertyDescriptor<unknown>);
}

/** An event as a consumer receives it: delivered at least once, `envelope.id` tells a repeat. */
export type EventOf<C extends EventContract> = Omit<EventEnvelope, 'payload'> & { payload: PayloadOf<C> };

/** Binds a method to an event: a durable JetStream consumer of the service; acknowledged when the method resolves. */
export function Consumes<C extends EventContract>(contract: C) {
  const bind = applyDecorators(EventPattern(contract.subject, { contract }) as MethodDecorator, UseFilters(ErrorReplyFilter));
  const decorate: Method<(envelope: EventOf<C>) => Promise<void>> = (target, key, descriptor) =>
    void bind(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  return decorate;
}
