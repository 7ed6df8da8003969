// Prints as JSON what each service may do over NATS: for the logins of a server that was not set up by us.
import { RESPONSE_LIMITS, SERVICE_NAMES, servicePermissions } from '@patchbay/contracts/service-permissions';

const permissions = SERVICE_NAMES.map((name) => {
  const { publish, subscribe, responds } = servicePermissions(name);
  return [name, { publish, subscribe, ...(responds ? { responses: RESPONSE_LIMITS } : {}) }];
});
console.log(JSON.stringify(Object.fromEntries(permissions), null, 2));
