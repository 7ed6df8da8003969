import type { ReactNode } from 'react';
import { ChangeProblem } from '../frame/notice.tsx';
import type { Change } from '../gateway/use-change.ts';

interface ActedTableProps {
  columns: readonly string[];
  /** Whether whoever looks may change something: then there is a column for it. */
  mayAct: boolean;
  /** What went wrong with a change in one of its rows stands above them. */
  change: Change;
  /** Its rows. */
  children: ReactNode;
}

/** Things of the organization, with what can be done to each. */
export function ActedTable({ columns, mayAct, change, children }: ActedTableProps) {
  return (
    <>
      <ChangeProblem problem={change.problem} />
      <table className="table">
        <thead>
          <tr>
            {[...columns, ...(mayAct ? ['Actions'] : [])].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </>
  );
}
