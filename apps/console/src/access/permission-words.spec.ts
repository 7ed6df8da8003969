import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, Role } from '@patchbay/contracts/permissions';
import { PERMISSION_GROUPS, ROLES } from './permission-words.ts';

describe('the words for permissions', () => {
  it('are there for every permission, once', () => {
    const worded = PERMISSION_GROUPS.flatMap(({ permissions }) => permissions.map(([permission]) => permission));

    expect(worded.toSorted()).toEqual([...PERMISSIONS].toSorted());
  });

  it('are there for every role', () => {
    expect(ROLES.map(([role]) => role)).toEqual(Role.options);
  });
});
