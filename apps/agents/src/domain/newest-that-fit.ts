import type { AgentVersion } from '@patchbay/contracts/agents';

/** Half of NATS's default `max_payload` of 1 MiB, or the newest version alone. */
const VERSIONS_MAX_BYTES = 512 * 1024;

/** Long instructions in many versions outgrow a message: the newest versions are kept, as many as fit into one. */
export function newestThatFit(newestFirst: AgentVersion[]): AgentVersion[] {
  let bytes = 0;
  const end = newestFirst.findIndex((version, at) => {
    bytes += Buffer.byteLength(JSON.stringify(version));
    return at > 0 && bytes > VERSIONS_MAX_BYTES;
  });
  return end === -1 ? newestFirst : newestFirst.slice(0, end);
}
