import type { ReplyOf } from '@patchbay/contracts/define';
import type { access } from '@patchbay/contracts/access';

/** An edge whose credentials have just been made, with them. */
export type NewEdge = ReplyOf<typeof access.createEdge>;
