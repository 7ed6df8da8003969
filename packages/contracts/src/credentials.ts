import { access } from './access.ts';
import { audit } from './audit.ts';
import { connections } from './connection-requests.ts';

/** Organizations, who may act for them, the connections whose secrets stay in here, and the log of it all. */
export const credentials = { ...access, ...connections, ...audit };
