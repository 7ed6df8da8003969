import { createAddressGuard } from '@patchbay/egress/address-guard';
import { commonEnv, databaseEnv, flag, list, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

function checkNetworks(allowNetworks: string[], context: z.RefinementCtx): void {
  try {
    createAddressGuard({ allowNetworks });
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
}

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('workflows', 7077),
  EGRESS_ALLOW_NETWORKS: list()
    .superRefine(checkNetworks)
    .default([])
    .describe('Private networks that webhooks may reach nevertheless, as CIDRs separated by commas.'),
  EGRESS_ALLOW_HTTP: flag()
    .default(false)
    .describe('Whether webhooks may use plain http, and then only inside EGRESS_ALLOW_NETWORKS.'),
});
export type Env = z.output<typeof Env>;
