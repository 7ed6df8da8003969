import { z } from 'zod';

const Port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a port number')
  .transform(Number)
  .refine((port) => port <= 65_535, 'is above 65535');

/** The variables as they are set. */
export const Env = z.object({
  CONSOLE_HOST: z.string().min(1, 'is empty').default('127.0.0.1').describe('Address to bind to.'),
  CONSOLE_PORT: Port.default(7071).describe('Port of the pages, health and readiness.'),
});

export interface Listen {
  port: number;
  host: string;
}

/** Names every variable at fault at once, so that one restart is enough to put them right. */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Listen {
  const { data, error } = Env.safeParse(variables);
  if (error) {
    const faults = error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
    throw new Error(`The environment of the console is wrong:\n${faults.join('\n')}`);
  }
  return { port: data.CONSOLE_PORT, host: data.CONSOLE_HOST };
}
