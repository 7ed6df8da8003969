import { Ago } from './ago.tsx';

interface WhenCellProps {
  /** What the column is called; on a narrow page it stands beside the moment. */
  label: string;
  at: string | null;
  now: Date;
  none?: string;
}

/** A moment in a table. */
export function WhenCell({ label, at, now, none }: WhenCellProps) {
  return (
    <td data-label={label} className="when">
      <Ago at={at} now={now} none={none} />
    </td>
  );
}
