/** What a process of the bench is asked over IPC, and how it answers; see ControlledProcess for the other end. */
export type Order<O> = O & { id: number };
export type OrderAnswer = { id: number; value: unknown } | { id: number; problem: string };

/** Carries orders out until the process that started this one is gone. */
export function answerOrders<O extends { kind: string }>(carryOut: (order: O) => Promise<unknown>): void {
  process.on('message', (order: Order<O>) => {
    carryOut(order).then(
      (value) => process.send?.({ id: order.id, value } satisfies OrderAnswer),
      (error: unknown) => process.send?.({ id: order.id, problem: textOf(error) } satisfies OrderAnswer),
    );
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole foreground group; the bench still has to stop everything in order.
  process.on('SIGINT', () => undefined);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message || error.name;
  return error.cause instanceof Error ? `${text} (${textOf(error.cause)})` : text;
}
