import { describe, expect, it } from '@jest/globals';
import type { Role } from '@patchbay/contracts/permissions';
import { normalizedEmail, requireOwnerBeside } from './people.ts';

const member = (personId: string, role: Role, hasSignedIn = true) => ({ personId, role, hasSignedIn });
const ada = member('per_ada', 'owner');

describe('an organization', () => {
  it('keeps its last owner', () => {
    expect(() => requireOwnerBeside(ada, [ada, member('per_bob', 'builder')])).toThrow(/last owner .* make somebody else an owner/);
  });

  it('lets an owner go while there is another', () => {
    expect(() => requireOwnerBeside(ada, [ada, member('per_bob', 'owner')])).not.toThrow();
  });

  it('does not count an owner who never signed in as one, for somebody who has', () => {
    expect(() => requireOwnerBeside(ada, [ada, member('per_bob', 'owner', false)])).toThrow(/until another owner has signed in/);
  });

  it('lets an invitation of an owner be taken back while another one stands', () => {
    const invited = member('per_eve', 'owner', false);

    expect(() => requireOwnerBeside(invited, [invited, member('per_bob', 'owner', false)])).not.toThrow();
    expect(() => requireOwnerBeside(invited, [invited])).toThrow(/last owner/);
  });

  it('lets everybody else go', () => {
    expect(() => requireOwnerBeside(member('per_bob', 'viewer'), [])).not.toThrow();
  });
});

it('takes an address for the same in whatever case it is written', () => {
  expect(normalizedEmail(' Ada@Clinic.Example ')).toBe('ada@clinic.example');
});
